using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.TestKit.Simulation.Days;

/// <summary>Everything that a seed decides about a day: several targets, their releases, and what goes wrong around them.</summary>
public sealed record DayPlan
{
    /// <summary>Minutes of a day.</summary>
    public const int Minutes = 1440;

    // Between two releases of a target: rollout, window, and the time it takes to react.
    private const int BetweenReleases = 240;
    private const int FirstRelease = 90;

    private static readonly SourceFailureKind[] Kinds =
        [SourceFailureKind.Unreachable, SourceFailureKind.Timeout, SourceFailureKind.Throttled, SourceFailureKind.Broken, SourceFailureKind.Partial, SourceFailureKind.Unauthorized];

    private static readonly StoreFailure[] Failures = [StoreFailure.Full, StoreFailure.ReadOnly, StoreFailure.Locked, StoreFailure.Other];

    private static readonly DateTimeOffset UsualDay = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset SummerTimeBegins = new(2026, 3, 29, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>How each target behaves.</summary>
    public required IReadOnlyList<SimulationPlan> Targets { get; init; }

    /// <summary>What is rolled out, in the order of time.</summary>
    public required IReadOnlyList<Release> Releases { get; init; }

    /// <summary>What goes wrong around it.</summary>
    public required IReadOnlyList<DayTrouble> Troubles { get; init; }

    /// <summary>The day; summer time begins in some places on some of them.</summary>
    public required DateTimeOffset Midnight { get; init; }

    /// <summary>The clock that the targets' users live by.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The probability that a request to Grafana meets a fault of its own.</summary>
    public required double GrafanaFaults { get; init; }

    /// <summary>Draws a day. The same seed gives the same day.</summary>
    public static DayPlan Draw(int seed)
    {
        var random = new Random(seed);
        var more = new Random(~seed);
        SimulationPlan[] targets = [.. Enumerable.Range(0, 2 + random.Next(2)).Select(i => SimulationPlan.Draw((seed * 10) + i, Minutes) with { RestartSteps = random.Next(0, 3) })];
        return new DayPlan
        {
            Seed = seed,
            Targets = targets,
            Releases = [.. targets.SelectMany((_, target) => DrawReleases(random, target)).OrderBy(release => release.Minute).Select(release => Vary(more, release))],
            Troubles = [.. DrawTroubles(random, targets.Length).Concat(DrawMore(more)).OrderBy(trouble => trouble.Minute)],
            Midnight = more.Next(4) == 0 ? SummerTimeBegins : UsualDay,
            TimeZone = more.Next(2) == 0 ? "UTC" : "Europe/Berlin",
            GrafanaFaults = random.Next(2) * 0.3 * random.NextDouble(),
        };
    }

    private static IEnumerable<Release> DrawReleases(Random random, int target)
    {
        var faults = Enum.GetValues<SimulatedFault>();
        for (var minute = FirstRelease + random.Next(120); minute < Minutes - BetweenReleases; minute += BetweenReleases + random.Next(240))
        {
            var fault = random.Next(2) == 0 ? SimulatedFault.None : faults[1 + random.Next(faults.Length - 1)];
            yield return new Release(target, minute, fault, 2 + random.Next(10), random.Next(2) == 0 ? Reaction.RollBack : Reaction.FixForward);
        }
    }

    // Some who see it fail say that it is known; some releases take the target down as planned.
    private static Release Vary(Random random, Release release) => release with
    {
        Reaction = random.Next(4) == 0 ? Reaction.Acknowledge : release.Reaction,
        PlannedMinutes = random.Next(5) == 0 ? 3 + random.Next(15) : 0,
    };

    private static IEnumerable<DayTrouble> DrawTroubles(Random random, int targets)
    {
        int Minute() => random.Next(Minutes);
        int For(int most) => 1 + random.Next(most);
        for (var i = random.Next(5); i > 0; i--) yield return new DayTrouble.SourceAway(Kinds[random.Next(Kinds.Length)]) { Minute = Minute(), Minutes = For(20) };
        for (var i = random.Next(6); i > 0; i--) yield return new DayTrouble.Gap(random.Next(targets)) { Minute = Minute(), Minutes = For(4) };
        for (var i = random.Next(3); i > 0; i--) yield return new DayTrouble.GrafanaAway { Minute = Minute(), Minutes = For(240) };
        for (var i = random.Next(3); i > 0; i--) yield return new DayTrouble.StoreAway(Failures[random.Next(Failures.Length)]) { Minute = Minute(), Minutes = For(15) };
        for (var i = random.Next(4); i > 0; i--) yield return new DayTrouble.Restart { Minute = Minute() };
        for (var i = random.Next(3); i > 0; i--) yield return new DayTrouble.Held { Minute = Minute(), Minutes = For(30) };
        for (var i = random.Next(2); i > 0; i--) yield return new DayTrouble.ClockSet(random.Next(-90, 90)) { Minute = Minute() };
    }

    private static IEnumerable<DayTrouble> DrawMore(Random random)
    {
        for (var i = random.Next(3); i > 0; i--) yield return new DayTrouble.Late(1 + random.Next(5)) { Minute = random.Next(Minutes), Minutes = 1 + random.Next(30) };
        for (var i = random.Next(3); i > 0; i--) yield return new DayTrouble.Stuck { Minute = random.Next(Minutes), Minutes = 1 + random.Next(15) };
    }

    /// <summary>One line that says it all.</summary>
    public override string ToString() => $"seed {Seed}: {Midnight:yyyy-MM-dd} {TimeZone}; {string.Join("; ", Targets)}; {string.Join("; ", Releases)}; {string.Join("; ", Troubles)}; Grafana's own faults {GrafanaFaults:P0}";
}
