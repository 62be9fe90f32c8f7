using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Analysis.Series;

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

    /// <summary>Steps before the baseline that are given to the judge minute by minute; only for errors and traffic.</summary>
    public int HistorySteps { get; init; }

    public Tolerance? Tolerance { get; init; }

    /// <summary>Whether the judge is told how latencies move with the time of day.</summary>
    public bool KnowsTheRhythm { get; init; }

    /// <summary>The share of seeded runs with each final status, and how many were ever <c>fail</c>.</summary>
    public Outcome Run(int runs, int firstSeed = 1)
    {
        var results = new (SliFinding Last, int? FailedAt)[runs];
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, run => results[run] = RunOnce(firstSeed + run));
        var outcome = new Outcome();
        foreach (var result in results)
            outcome.Add(result);
        return outcome;
    }

    public SliFinding Last(int seed) => RunOnce(seed).Last;

    /// <summary>The steps of a seed: minutes of the history, the baseline, and what comes after the upgrade.</summary>
    public (SliHistory? History, StepSample[] Baseline, StepSample[] After) Draw(int seed)
    {
        var service = new Service(seed, StepSeconds);
        var history = HistorySteps == 0 ? null : new SliHistory { Events = Minutes(service) };
        var first = HistorySteps + 1;
        StepSample[] baseline = [.. Enumerable.Range(first, BaselineSteps).Select(step => service.Draw(Measure, step, Before))];
        StepSample[] after = [.. Enumerable.Range(0, ObservedSteps).Select(i => service.Draw(Measure, first + BaselineSteps + i, i < LeakSteps ? Leak! : After))];
        return (KnowsTheRhythm ? new SliHistory { Events = history?.Events, Growth = Growth(service, baseline, after) } : history, baseline, after);
    }

    private (SliFinding Last, int? FailedAt) RunOnce(int seed)
    {
        var (history, baseline, after) = Draw(seed);
        var judge = SliJudge.Make(Spec(), baseline, isSmall: false, history);
        int? failedAt = null;
        for (var i = 0; i < after.Length; i++)
        {
            judge.Add(after[i]);
            if (judge.Failure.Stands)
                failedAt ??= i + 1;
        }

        return (judge.Evaluate(new Moment(DateTimeOffset.UnixEpoch.AddSeconds(baseline[^1].Step * StepSeconds), Stage.Watching)), failedAt);
    }

    private EventSeries Minutes(Service service)
    {
        var steps = (int)Math.Round(60 / StepSeconds);
        var events = new float[HistorySteps / steps];
        var exposures = new float[events.Length];
        for (var i = 0; i < events.Length * steps; i++)
        {
            var sample = service.Draw(Measure, i + 1, Before);
            events[i / steps] += (float)(Measure == Measure.Ratio ? sample.Value : sample.Total);
            exposures[i / steps] += (float)(Measure == Measure.Ratio ? sample.Total : 1);
        }

        return new EventSeries(60, events, exposures);
    }

    private MinuteSeries Growth(Service service, StepSample[] baseline, StepSample[] after)
    {
        var usual = baseline.Average(step => Level(step.Step));
        var minutes = after.Select(step => (long)Math.Ceiling(step.Step * StepSeconds / 60)).Distinct().ToArray();
        return new MinuteSeries(minutes[0], [.. minutes.Select(minute => (float)(Level((long)Math.Round((minute - 0.5) * 60 / StepSeconds)) / usual))]);

        double Level(long step) => 1 + Before.LatencySwing * service.Rhythm(step);
    }

    public SliSpec Spec() => new()
    {
        Name = Measure switch { Measure.Ratio => "error-ratio", Measure.Count => "traffic", _ => "latency" },
        Measure = Measure,
        Unit = Measure switch { Measure.Ratio => "ratio", Measure.Count => "requests_per_second", _ => "seconds" },
        Direction = Measure == Measure.Count ? Direction.Down : Direction.Up,
        Tolerance = Tolerance ?? SeriesAnalysis.DefaultTolerance(Measure),
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

    /// <summary>How many had failed after this many steps.</summary>
    public int FailedBy(int steps) => _failedAt.Count(at => at <= steps);

    public override string ToString()
    {
        return $"{Failed} of {Runs} failed (median step {MedianSteps?.ToString() ?? "none"}); at the end {string.Join(", ", _last.OrderByDescending(e => e.Value).Select(e => $"{e.Key} {e.Value}"))}";
    }
}
