using UpgradeWatch.EndToEnd.Upgrades;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.EndToEnd.Rhythms;

/// <summary>
/// Days of samples, imported into a Prometheus, and upgrades that are begun and advanced with the times at which they
/// happened: days are read in seconds.
/// </summary>
public sealed class DailyUpgrades : IAsyncLifetime
{
    private const int Seed = 9000;

    private static readonly DailyUpgrade[] All =
    [
        new("rising-good", IsRising: true, LatencyFactor: 1, Seed),
        new("falling-good", IsRising: false, LatencyFactor: 1, Seed + 100),
        new("falling-slower", IsRising: false, LatencyFactor: 1.2, Seed + 200),
    ];

    private readonly Dictionary<string, SeenVerdict> _verdicts = [];

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await using var prometheus = new PrometheusServer();
        var end = TimeProvider.System.GetUtcNow();
        await prometheus.ImportBlocksAsync(writer =>
        {
            foreach (var upgrade in All) upgrade.Write(writer, end);
        });
        await prometheus.StartAsync();
        await using var server = await UpgradeWatchServer.StartNewAsync(
            $"prometheus: {{ url: '{prometheus.Url}' }}\nevaluation: {{ intervalSeconds: 1 }}\ntargets:\n{string.Concat(All.Select(upgrade => upgrade.Yaml))}");
        var command = new CommandLine(server);
        foreach (var upgrade in All)
        {
            await command.BeginAsync(upgrade.Target, "upgrading", DailyUpgrade.BeganAt(end));
            await command.AdvanceAsync(upgrade.Target, "post-upgrade", DailyUpgrade.DoneAt(end));
        }

        foreach (var upgrade in All) _verdicts[upgrade.Target] = await command.WaitAsync(upgrade.Target, toTheEnd: true);
    }

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The final verdict.</summary>
    internal SeenVerdict Of(string target) => _verdicts[target];
}
