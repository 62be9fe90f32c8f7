using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Tests.Judges;

/// <summary>An upgrade at 14:00 UTC with steps of 15 s, told step by step.</summary>
internal sealed class Scene
{
    public static readonly DateTimeOffset UpgradedAt = new(2026, 3, 2, 14, 0, 0, TimeSpan.Zero);
    public static readonly double[] Bounds = [0.1, 0.2, 0.4, double.PositiveInfinity];

    private readonly SliJudge _judge;
    private long _step;

    public Scene(SliSpec spec, IEnumerable<StepSample> baseline)
    {
        var first = UpgradedAt.ToUnixTimeSeconds() / 15;
        StepSample[] before = [.. baseline];
        before = [.. before.Select((step, index) => step with { Step = first - before.Length + index + 1 })];
        _judge = SliJudge.Create(spec, before);
        _step = first;
    }

    public static SliSpec Errors { get; } = Spec("error-ratio", Measure.Ratio, "ratio", Direction.Up);
    public static SliSpec Traffic { get; } = Spec("traffic", Measure.Count, "requests_per_second", Direction.Down);
    public static SliSpec Latency { get; } = Spec("latency", Measure.Buckets, "seconds", Direction.Up) with { Bounds = Bounds };
    public static SliSpec Memory { get; } = Spec("memory", Measure.Gauge, "bytes", Direction.Up);

    public static StepSample Gap { get; } = new(0, StepState.None, double.NaN, double.NaN);

    public static Scene Of(SliSpec spec, StepSample before, int steps = 240) => new(spec, Enumerable.Repeat(before, steps));

    public static StepSample Ratio(double bad, double all = 1000) => new(0, StepState.None, bad, all);

    public static StepSample Count(double events) => new(0, StepState.None, double.NaN, events);

    public static StepSample Value(double value) => new(0, StepState.None, value, double.NaN);

    /// <summary>Requests below 0.1 s, 0.2 s, 0.4 s and above.</summary>
    public static StepSample Spread(double fast, double medium, double slow, double slowest = 0) =>
        new(0, StepState.None, double.NaN, fast + medium + slow + slowest, [fast, fast + medium, fast + medium + slow, fast + medium + slow + slowest]);

    public Scene Then(int steps, StepSample sample, StepState state = StepState.None)
    {
        for (var i = 0; i < steps; i++)
            _judge.Add(sample with { Step = ++_step, State = state });
        return this;
    }

    public SliFinding Look(Stage stage = Stage.Watching, string? failure = null, params string[] similar) =>
        _judge.Evaluate(new Moment(UpgradedAt, stage, failure, similar));

    private static SliSpec Spec(string name, Measure measure, string unit, Direction direction) => new()
    {
        Name = name,
        Measure = measure,
        Unit = unit,
        Direction = direction,
        Tolerance = SeriesAnalysis.DefaultTolerance(measure),
        StepSeconds = 15,
    };
}

internal static class FindingAssertions
{
    public static SliFinding Is(this SliFinding finding, FindingStatus status, string code)
    {
        Assert.True(status == finding.Status && code == finding.Code, $"{finding.Status}: {finding.Code}: {finding.Reason}");
        Assert.EndsWith(".", finding.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", finding.Reason, StringComparison.Ordinal);
        return finding;
    }

    public static SliFinding Says(this SliFinding finding, string part)
    {
        Assert.Contains(part, finding.Reason, StringComparison.Ordinal);
        return finding;
    }
}
