using UpgradeWatch.TestKit.SampleService;

namespace UpgradeWatch.EndToEnd.Upgrades;

/// <summary>What an upgrade does to a service, and so what the verdict must be.</summary>
/// <param name="Name">Name of the target.</param>
public sealed record Upgrade(string Name)
{
    // A request takes 0.2 s, so that what a busy machine adds to it is little.
    private static readonly Faults Usual = new() { LatencyFactor = 10 };

    /// <summary>Upgrades that change nothing that matters, each in another way.</summary>
    private static readonly Upgrade[] GoodKinds =
    [
        new("restarted"),
        new("in-place") { Restarts = false },
        new("has-errors") { Before = Usual with { ErrorRatio = 0.01 }, After = Usual with { ErrorRatio = 0.01 } },
        new("first-errors") { After = Usual with { ErrorRatio = 0.0004 } },
    ];

    /// <summary>Upgrades after which something is wrong.</summary>
    public static readonly IReadOnlyList<Upgrade> Bad =
    [
        new("errors") { After = Usual with { ErrorRatio = 0.03 }, RequestsPerSecond = 180 },
        new("slower") { After = Usual with { LatencyFactor = Usual.LatencyFactor * 1.4 } },
        new("slow-tail") { After = Usual with { TailShare = 0.01, TailFactor = 10 }, RequestsPerSecond = 180 },
        new("less-traffic") { Restarts = false, TrafficFactor = 0.5 },
        new("down") { StaysDown = true },
        new("renamed") { After = Usual with { RenamedMetrics = true } },
    ];

    /// <summary>What is wrong with the service before.</summary>
    public Faults Before { get; private init; } = Usual;

    /// <summary>What is wrong with it after.</summary>
    public Faults After { get; private init; } = Usual;

    /// <summary>Whether the service is stopped and started for it.</summary>
    public bool Restarts { get; private init; } = true;

    /// <summary>Whether the service does not come back.</summary>
    public bool StaysDown { get; private init; }

    /// <summary>The load before. What concerns one request in a hundred shows within a minute only in many.</summary>
    public double RequestsPerSecond { get; private init; } = 60;

    /// <summary>The load after, divided by the load before.</summary>
    public double TrafficFactor { get; private init; } = 1;

    /// <summary>Good upgrades, of every kind in turn.</summary>
    public static IReadOnlyList<Upgrade> Good(int count) =>
        [.. Enumerable.Range(0, count).Select(i => GoodKinds[i % GoodKinds.Length] with { Name = $"{GoodKinds[i % GoodKinds.Length].Name}-{1 + (i / GoodKinds.Length)}" })];
}
