using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>Two servers on one store. One of them is killed, stopped or held, and the other takes over when it was the active one.</summary>
internal sealed class Pair(UpgradeWatchServer one, UpgradeWatchServer other, int seed, bool canBeHeld)
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(3) };
    private readonly Random _random = new(seed);
    private readonly int[] _ways = new int[canBeHeld ? 3 : 2];

    /// <summary>How often one was killed, stopped and held, in words.</summary>
    public string Ways => string.Join(", ", _ways.Zip(["killed", "stopped", "held"], (times, way) => $"{way} {times}"));

    /// <summary>The longest time until the other one was active.</summary>
    public TimeSpan LongestTakeover { get; private set; }

    /// <summary>Harms one of the two, mostly the active one, and has both run again.</summary>
    public async Task HarmAsync()
    {
        var active = await WhoIsActiveAsync();
        var standby = active == one ? other : one;
        var isActive = _random.Next(5) > 0;
        var harmed = isActive ? active : standby;
        var way = Array.IndexOf(_ways, _ways.Min());
        _ways[way]++;
        if (way == 0) await harmed.KillAsync();
        if (way == 1) await harmed.StopAsync();
        if (way == 2) harmed.Suspend();
        if (isActive)
        {
            var since = TimeProvider.System.GetTimestamp();
            await UntilAsync(async () => await IsActiveAsync(standby));
            var took = TimeProvider.System.GetElapsedTime(since);
            if (took > LongestTakeover) LongestTakeover = took;
        }

        if (way == 2) harmed.Resume();
        else await harmed.StartAsync();
        await UntilAsync(async () => await RoleAsync(harmed) is { } role && (role == "standby" || !isActive));
    }

    private async Task<UpgradeWatchServer> WhoIsActiveAsync()
    {
        UpgradeWatchServer? found = null;
        await UntilAsync(async () => (found = await IsActiveAsync(one) ? one : await IsActiveAsync(other) ? other : null) is not null);
        return found!;
    }

    private async Task<bool> IsActiveAsync(UpgradeWatchServer server) => await RoleAsync(server) == "active";

    private async Task<string?> RoleAsync(UpgradeWatchServer server)
    {
        try
        {
            var status = JsonNode.Parse(await _client.GetStringAsync(new Uri(server.Url, "/api/v1/status")))!;
            return (string)status["active"]!["role"]!;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private Task UntilAsync(Func<Task<bool>> isSo) => Readiness.UntilAsync(
        isSo, () => null, () => $"Nobody takes over.\nOne:\n{one.Output}\nThe other:\n{other.Output}", CancellationToken.None);
}
