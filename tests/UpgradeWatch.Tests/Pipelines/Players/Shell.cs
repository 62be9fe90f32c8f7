using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>Runs scripts as a CI does.</summary>
internal static class Shell
{
    /// <summary>Runs a script file with arguments.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ControlServer control, string script, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var environment = variables.ToDictionary(one => one.Key, one => (string?)one.Value);
        environment["PATH"] = control.SearchPath;
        environment["no_proxy"] = environment["NO_PROXY"] = "127.0.0.1";
        var (exitCode, _, output) = await TestProcess.RunAsync(script, arguments, Path.GetTempPath(), environment);
        return (exitCode, output);
    }
}
