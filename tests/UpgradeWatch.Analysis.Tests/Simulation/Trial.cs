using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Offline;

namespace UpgradeWatch.Analysis.Tests.Simulation;

/// <summary>An upgrade of a simulated service, looked at after every step.</summary>
internal sealed record Trial
{
    /// <summary>Three count tests share 1 %: errors, latency and traffic.</summary>
    public const double SharedAlpha = 0.01 / 3;

    public required Measure Measure { get; init; }
    public double StepSeconds { get; init; } = 0.5;
    public int BaselineSteps { get; init; } = 60;
    public int ObservedSteps { get; init; } = 42;
    public double Alpha { get; init; } = SharedAlpha;
    public Behaviour Before { get; init; } = new();
    public Behaviour After { get; init; } = new();

    /// <summary>What the service does in the first counted steps, when the warm-up was too short.</summary>
    public Behaviour? Leak { get; init; }
    public int LeakSteps { get; init; }

    public static bool IsFull => Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1";

    /// <summary>The share of seeded runs with each final status, and how many were ever <c>fail</c>.</summary>
    public Outcome Run(int runs, int firstSeed = 1)
    {
        var outcome = new Outcome();
        for (var seed = firstSeed; seed < firstSeed + runs; seed++)
            outcome.Add(RunOnce(seed));
        return outcome;
    }

    public SliFinding Last(int seed) => RunOnce(seed).Last;

    private (SliFinding Last, int? FailedAt) RunOnce(int seed)
    {
        var service = new Service(seed, StepSeconds);
        var baseline = Enumerable.Range(1, BaselineSteps).Select(step => service.Draw(Measure, step, Before)).ToArray();
        var judge = SliJudge.Create(Spec(), baseline);
        var moment = new Moment(DateTimeOffset.UnixEpoch.AddSeconds(BaselineSteps * StepSeconds), Stage.Watching);
        SliFinding? finding = null;
        int? failedAt = null;
        for (var i = 1; i <= ObservedSteps; i++)
        {
            judge.Add(service.Draw(Measure, BaselineSteps + i, i <= LeakSteps ? Leak! : After));
            finding = judge.Evaluate(moment);
            if (finding.Status == FindingStatus.Fail)
                failedAt ??= i;
        }

        return (finding!, failedAt);
    }

    public SliSpec Spec() => new()
    {
        Name = Measure switch { Measure.Ratio => "error-ratio", Measure.Count => "traffic", _ => "latency" },
        Measure = Measure,
        Unit = Measure switch { Measure.Ratio => "ratio", Measure.Count => "requests_per_second", _ => "seconds" },
        Direction = Measure == Measure.Count ? Direction.Down : Direction.Up,
        Tolerance = SeriesAnalysis.DefaultTolerance(Measure),
        Alpha = Alpha,
        WarnAlpha = 5 * Alpha,
        StepSeconds = StepSeconds,
        Bounds = Measure == Measure.Buckets ? Service.AspNetCoreBounds : [],
    };
}

/// <summary>Counts over runs.</summary>
internal sealed class Outcome
{
    private readonly Dictionary<string, int> _last = [];
    private readonly List<int> _failedAt = [];

    public int Runs { get; private set; }
    public int Failed => _failedAt.Count;
    /// <summary>The median of the counted steps it took to fail; null when fewer than half did.</summary>
    public int? MedianSteps => 2 * _failedAt.Count > Runs ? _failedAt.Order().ElementAt(Runs / 2) : null;

    public int LastFailed => _last.Where(entry => entry.Key.StartsWith("Fail", StringComparison.Ordinal)).Sum(entry => entry.Value);

    public void Add((SliFinding Last, int? FailedAt) run)
    {
        Runs++;
        var key = $"{run.Last.Status}:{run.Last.Code}";
        _last[key] = _last.GetValueOrDefault(key) + 1;
        if (run.FailedAt is { } at)
            _failedAt.Add(at);
    }

    public override string ToString()
    {
        return $"{Failed} of {Runs} failed (median step {MedianSteps?.ToString() ?? "none"}); at the end {string.Join(", ", _last.OrderByDescending(e => e.Value).Select(e => $"{e.Key} {e.Value}"))}";
    }
}
