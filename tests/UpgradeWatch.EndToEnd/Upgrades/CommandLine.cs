using System.Text.Json;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.Upgrades;

/// <summary>An operator at the command line: every call is the executable, run as a process of its own.</summary>
internal sealed class CommandLine(UpgradeWatchServer server)
{
    /// <summary>Opens an upgrade of the target; by default it has not begun yet.</summary>
    public Task BeginAsync(string target, string phase = "pre-upgrade", DateTimeOffset? at = null) =>
        DoneAsync(["begin", "--target", target, "--from", "1.0.0", "--to", "2.0.0", "--phase", phase, .. At(at)]);

    /// <summary>Moves the target's upgrade on.</summary>
    public Task AdvanceAsync(string target, string phase, DateTimeOffset? at = null) =>
        DoneAsync(["advance", "--target", target, "--phase", phase, .. At(at)]);

    /// <summary>Waits for the verdict: until it is final or fails, or in any case until it is final.</summary>
    public async Task<SeenVerdict> WaitAsync(string target, bool toTheEnd = false)
    {
        var (exitCode, verdict, output) = await server.CommandAsync(["wait", "--target", target, "--output", "json", .. toTheEnd ? ["--to-the-end"] : Array.Empty<string>()]);
        if (verdict.Length == 0) throw new InvalidOperationException($"wait --target {target} exited with {exitCode} and no verdict.\n{output}\n{server.Output}");
        return new SeenVerdict(exitCode, JsonElement.Parse(verdict));
    }

    private static string[] At(DateTimeOffset? at) => at is { } time ? ["--at", time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null)] : [];

    private async Task DoneAsync(params string[] arguments)
    {
        var (exitCode, _, output) = await server.CommandAsync(arguments);
        if (exitCode != 0) throw new InvalidOperationException($"{string.Join(' ', arguments)} exited with {exitCode}.\n{output}\n{server.Output}");
    }
}
