using UpgradeWatch.Analysis.Comparisons;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Analysis.Tests.Comparisons;

/// <summary>Old and new instances of one service under common noise, compared after every step.</summary>
internal sealed record TwoSides
{
    public const double StepSeconds = 15;

    public required Measure Measure { get; init; }

    /// <summary>Requests per step on the old side.</summary>
    public double Requests { get; init; } = 200;

    /// <summary>Requests per step on the new side over those on the old one.</summary>
    public double Split { get; init; } = 0.5;

    public double ErrorRatio { get; init; } = 0.01;

    /// <summary>Standard deviation of an AR(0.9) factor that both sides share, in logarithms.</summary>
    public double CommonNoise { get; init; }

    /// <summary>The same of one that each side has of its own.</summary>
    public double OwnNoise { get; init; }

    /// <summary>How many times everything is worse on both sides after the reference: what fools a comparison with before.</summary>
    public double CommonChange { get; init; } = 1;

    /// <summary>How many times worse the new side is.</summary>
    public double Worse { get; init; } = 1;

    public int ReferenceSteps { get; init; } = 240;

    public int Steps { get; init; } = 120;

    public SliSpec Spec => new()
    {
        Name = Measure switch { Measure.Ratio => "error-ratio", Measure.Buckets => "latency", _ => "memory" },
        Measure = Measure,
        Unit = Measure switch { Measure.Ratio => "ratio", Measure.Buckets => "seconds", _ => "bytes" },
        Direction = Direction.Up,
        Tolerance = Measure == Measure.Gauge ? new Tolerance(0.1, null) : SeriesAnalysis.DefaultTolerance(Measure),
        StepSeconds = StepSeconds,
        Bounds = Measure == Measure.Buckets ? Service.AspNetCoreBounds : [],
    };

    /// <summary>Seeded runs: how many ever failed, and the median step of the first failure.</summary>
    public (int Failed, double MedianStep) Run(int runs)
    {
        var failedAt = new List<int>();
        for (var seed = 1; seed <= runs; seed++)
        {
            if (FailedAt(seed) is { } at)
                failedAt.Add(at);
        }

        failedAt.Sort();
        return (failedAt.Count, failedAt.Count == 0 ? double.NaN : failedAt[failedAt.Count / 2]);
    }

    public (IReadOnlyList<PairedStep> Reference, IReadOnlyList<PairedStep> Steps) Draw(int seed)
    {
        var random = new Draw(seed);
        var noise = new double[3];
        var pairs = Enumerable.Range(0, ReferenceSteps + Steps).Select(step => Step(step, random, noise)).ToList();
        return (pairs[..ReferenceSteps], pairs[ReferenceSteps..]);
    }

    /// <summary>The judge after all steps.</summary>
    public SideBySide Judge(int seed)
    {
        var (reference, steps) = Draw(seed);
        var judge = SideBySide.Create(Spec, reference);
        foreach (var step in steps)
            judge.Add(step);
        return judge;
    }

    public static Moment Moment(Stage stage = Stage.Watching) => new(DateTimeOffset.UnixEpoch.AddSeconds(240 * StepSeconds), stage);

    private int? FailedAt(int seed)
    {
        var (reference, steps) = Draw(seed);
        var judge = SideBySide.Create(Spec, reference);
        for (var i = 0; i < steps.Count; i++)
        {
            judge.Add(steps[i]);
            if (judge.Evaluate(Moment(i == steps.Count - 1 ? Stage.Closed : Stage.Watching)).Status == FindingStatus.Fail)
                return i + 1;
        }

        return null;
    }

    private PairedStep Step(int step, Draw random, double[] noise)
    {
        noise[0] = Wander(noise[0], CommonNoise, random);
        noise[1] = Wander(noise[1], OwnNoise, random);
        noise[2] = Wander(noise[2], OwnNoise, random);
        var isAfter = step >= ReferenceSteps;
        var common = Math.Exp(noise[0]) * (isAfter ? CommonChange : 1);
        return new PairedStep(
            Side(step, Requests, common * Math.Exp(noise[1]), random),
            Side(step, Requests * Split, common * Math.Exp(noise[2]) * (isAfter ? Worse : 1), random));
    }

    private StepSample Side(int step, double requests, double factor, Draw random)
    {
        if (Measure == Measure.Gauge)
            return new StepSample(step, StepState.None, (100 * factor) + random.Normal(), double.NaN);
        var n = random.Poisson(requests);
        if (Measure == Measure.Ratio)
            return new StepSample(step, StepState.None, random.Binomial(n, Math.Min(0.9, ErrorRatio * factor)), n);

        var counts = new double[Service.AspNetCoreBounds.Length];
        for (var i = 0; i < n; i++)
        {
            var seconds = 0.03 * factor * Math.Exp(0.5 * random.Normal());
            counts[Array.FindIndex(Service.AspNetCoreBounds, bound => seconds <= bound)]++;
        }

        for (var i = 1; i < counts.Length; i++)
            counts[i] += counts[i - 1];
        return new StepSample(step, StepState.None, double.NaN, n, counts);
    }

    private static double Wander(double level, double deviation, Draw random) =>
        deviation == 0 ? 0 : (0.9 * level) + (deviation * Math.Sqrt(0.19) * random.Normal());
}
