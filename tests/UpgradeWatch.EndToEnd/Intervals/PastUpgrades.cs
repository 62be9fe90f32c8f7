using UpgradeWatch.EndToEnd.Upgrades;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;
using UpgradeWatch.TestKit.SampleService;

namespace UpgradeWatch.EndToEnd.Intervals;

/// <summary>
/// Upgrades whose samples are imported into a Prometheus, begun and advanced with the times at which they happened: what
/// would take hours is judged at once.
/// </summary>
public sealed class PastUpgrades : IAsyncLifetime
{
    private const int Seed = 3000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly (TimeSpan Interval, TimeSpan Baseline, TimeSpan Observation)[] Shapes =
    [
        (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2.5), TimeSpan.FromMinutes(2)),
        (TimeSpan.FromSeconds(15), Hour, Hour),
        (TimeSpan.FromSeconds(60), Hour, Hour),
    ];

    private readonly Dictionary<string, SeenVerdict> _verdicts = [];

    /// <summary>How many good upgrades there are for each interval.</summary>
    public static int GoodOnes { get; } = Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1" ? 20 : 2;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var upgrades = All();
        await using var prometheus = new PrometheusServer();
        var end = TimeProvider.System.GetUtcNow();
        await prometheus.ImportBlocksAsync(writer => upgrades.ForEach(upgrade => upgrade.Write(writer, end)));
        await prometheus.StartAsync();
        await using var server = await UpgradeWatchServer.StartNewAsync(
            $"prometheus: {{ url: '{prometheus.Url}' }}\nevaluation: {{ intervalSeconds: 1 }}\ntargets:\n{string.Concat(upgrades.Select(upgrade => upgrade.Yaml))}");
        var command = new CommandLine(server);
        foreach (var upgrade in upgrades)
        {
            await command.BeginAsync(upgrade.Target, "upgrading", upgrade.BeganAt(end));
            await command.AdvanceAsync(upgrade.Target, "post-upgrade", upgrade.DoneAt(end));
        }

        foreach (var upgrade in upgrades) _verdicts[upgrade.Target] = await command.WaitAsync(upgrade.Target, toTheEnd: true);
    }

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The final verdict.</summary>
    internal SeenVerdict Of(string what, double intervalSeconds) => _verdicts[Name(what, intervalSeconds)];

    private static string Name(string what, double intervalSeconds) => $"{what}-every-{intervalSeconds}s";

    private static List<PastUpgrade> All()
    {
        List<(string What, Faults After)> kinds =
        [
            .. Enumerable.Range(1, GoodOnes).Select(i => ($"good-{i}", Faults.None)),
            ("errors", new Faults { ErrorRatio = 0.03 }),
            ("slower", new Faults { LatencyFactor = 1.4 }),
            ("slow-tail", new Faults { TailShare = 0.01, TailFactor = 10 }),
        ];
        return
        [
            .. from shape in Shapes
               from kind in kinds
               select new PastUpgrade(
                   Name(kind.What, shape.Interval.TotalSeconds), shape.Interval, shape.Baseline, shape.Observation, kind.After,
                   Seed + (1000 * Array.IndexOf(Shapes, shape)) + (10 * kinds.IndexOf(kind))),
        ];
    }
}
