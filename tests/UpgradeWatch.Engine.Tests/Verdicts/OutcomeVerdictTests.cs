using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Tests.Verdicts;

/// <summary>From the steps of one SLI to the verdict of the upgrade, while it is watched and when the window has closed.</summary>
public sealed class OutcomeVerdictTests
{
    private const long UpgradeStep = 1_000_000;
    private const double Gap = double.NaN;

    private static readonly VerdictFacts Watched = new(Watching: true, MinimumReached: true, Closed: false, BaselineUnhealthy: false, HasFailed: false, PassNote: "Fine.");

    /// <summary>Steps before and after as runs of errors per 1,000 requests, NaN for none; what is said while watching and at the end.</summary>
    public static TheoryData<string, Run[], Run[], StepState, string, string> Runs => new()
    {
        { "all well", [(240, 1)], [(60, 1)], StepState.None, "pass none", "pass none" },
        { "more errors", [(240, 1)], [(60, 30)], StepState.None, "fail level", "fail level" },
        { "errors that went away", [(240, 1)], [(20, 50), (90, 1)], StepState.None, "warn recovered", "warn recovered" },
        { "gone", [(240, 1)], [(10, 1), (20, Gap)], StepState.None, "fail metric-vanished", "fail metric-vanished" },
        { "not gone for long", [(240, 1)], [(10, 1), (15, Gap)], StepState.None, "pending too-little-data", "inconclusive too-little-data" },
        { "nobody looked", [(240, 1)], [(10, 1), (40, Gap)], StepState.Unseen, "pending too-little-data", "inconclusive too-little-data" },
        { "down", [(240, 1)], [(8, Gap)], StepState.Down, "fail target-down", "fail target-down" },
        { "down for a moment", [(240, 1)], [(7, Gap)], StepState.Down, "pending too-little-data", "inconclusive too-little-data" },
        { "down as planned", [(240, 1)], [(40, Gap)], StepState.Down | StepState.Planned, "pending too-little-data", "inconclusive too-little-data" },
        { "never there", [(240, Gap)], [(40, Gap)], StepState.None, "pending too-little-data", "inconclusive too-little-data" },
        { "new", [], [(40, 1)], StepState.None, "pending no-baseline", "inconclusive no-baseline" },
        { "new and failing", [], [(40, 50)], StepState.None, "warn no-baseline", "warn no-baseline" },
        { "two steps", [(240, 1)], [(2, 1)], StepState.None, "pending too-little-data", "inconclusive too-little-data" },
        { "many gaps", [(240, 1)], [(2, 1), (1, Gap), (2, 1), (1, Gap), (2, 1), (2, Gap), (2, 1), (1, Gap), (2, 1)], StepState.None, "warn gaps", "warn gaps" },
        { "never failed", [(240, 0)], [(60, 0)], StepState.None, "pass none", "pass none" },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Errors(string what, Run[] before, Run[] after, StepState gapState, string watching, string closed)
    {
        var judge = SliJudge.Create(Spec(Measure.Ratio), Steps(before, UpgradeStep - before.Sum(run => run.Steps), StepState.None));
        foreach (var step in Steps(after, UpgradeStep, gapState)) judge.Add(step);

        Assert.Equal($"{what}: {watching}, then {closed}", $"{what}: {Verdict(judge, Stage.Watching)}, then {Verdict(judge, Stage.Closed)}");
    }

    [Fact]
    public void A_hiccup_of_a_few_seconds_is_transient()
    {
        var judge = SliJudge.Create(Spec(Measure.Ratio) with { StepSeconds = 1 }, Steps([(240, 1)], UpgradeStep - 240, StepState.None));
        foreach (var step in Steps([(4, 15), (200, 1)], UpgradeStep, StepState.None)) judge.Add(step);
        Assert.Equal("warn transient", Verdict(judge, Stage.Watching));
        Assert.Equal("warn transient", Verdict(judge, Stage.Closed));
    }

    [Fact]
    public void A_source_that_cannot_be_read_is_inconclusive_and_does_not_hide_a_failure()
    {
        var judge = SliJudge.Create(Spec(Measure.Ratio), Steps([(240, 1)], UpgradeStep - 240, StepState.None));
        foreach (var step in Steps([(20, 1)], UpgradeStep, StepState.None)) judge.Add(step);
        Assert.Equal("inconclusive source", Verdict(judge, Stage.Watching, "timeout"));
        foreach (var step in Steps([(20, 50)], UpgradeStep + 20, StepState.None)) judge.Add(step);
        Assert.Equal("fail level", Verdict(judge, Stage.Watching, "timeout"));
    }

    [Fact]
    public void Bounds_that_have_none_in_common_are_inconclusive()
    {
        StepSample Step(int i) => new(UpgradeStep + i, StepState.None, double.NaN, 10, [10]);
        var judge = SliJudge.Create(Spec(Measure.Buckets) with { Bounds = [double.PositiveInfinity] }, [.. Enumerable.Range(-50, 50).Select(Step)]);
        for (var i = 1; i < 30; i++) judge.Add(Step(i));
        Assert.Equal("pending buckets-changed", Verdict(judge, Stage.Watching));
        Assert.Equal("inconclusive buckets-changed", Verdict(judge, Stage.Closed));
    }

    [Fact]
    public void A_gauge_that_is_stuck_warns_and_one_that_always_was_passes()
    {
        static StepSample Step(int i, double value) => new(UpgradeStep + i, StepState.None, value, double.NaN);
        var stuck = SliJudge.Create(Spec(Measure.Gauge), [.. Enumerable.Range(-100, 100).Select(i => Step(i, 100 + (Math.Abs(i) % 7)))]);
        var constant = SliJudge.Create(Spec(Measure.Gauge), [.. Enumerable.Range(-100, 100).Select(i => Step(i, 7))]);
        for (var i = 1; i < 40; i++)
        {
            stuck.Add(Step(i, 101.5));
            constant.Add(Step(i, 7));
        }

        Assert.Equal("warn flat", Verdict(stuck, Stage.Watching));
        Assert.Equal("pass none", Verdict(constant, Stage.Closed));
    }

    /// <summary>Small samples that another judge got wrong, and what is right.</summary>
    public static TheoryData<double[], double[], string> Reported => new()
    {
        { [.. Enumerable.Repeat(100.0, 7), 1, 1, 1], [.. Enumerable.Repeat(1.0, 10)], "fail level" },
        { [0, 1, 2, 1, 0, 0], [0, 0, 0, 0, 0, 0], "inconclusive too-little-data" },
        { [1, 4, 2, 3, 1], [0, 0, 0, 0, 0], "fail level" },
        {
            [10.0, 10.1, 10.2, 10.3, 10.4, 10.5, 10.6, 17.0, 17.1, 17.2, 17.3, 17.4, 17.5, 17.6, 17.7],
            [1, 100, 4, 101, 5, 102, 6, 103, 7, 104, 8, 105, 9, 106, 17],
            "warn variability"
        },
        { [], [1, 2, 3], "inconclusive too-little-data" },
        { [.. Enumerable.Repeat(1.0, 20)], [.. Enumerable.Repeat(1.0, 20)], "pass none" },
    };

    [Theory]
    [MemberData(nameof(Reported))]
    public void Small_samples(double[] after, double[] before, string expected)
    {
        const double ChangeAt = 1_700_000_040;
        SeriesRow[] rows =
        [
            .. before.Select((value, index) => new SeriesRow(ChangeAt - (60 * (before.Length - index)), value)),
            .. after.Select((value, index) => new SeriesRow(ChangeAt + (60 * index), value)),
        ];
        var finding = SeriesAnalysis.Analyze(new SeriesInput { Rows = rows, ChangeAt = ChangeAt, Measure = Measure.Gauge }).Finding;

        var verdict = VerdictPolicy.Decide([Critical(finding)], Watched with { Closed = true });
        Assert.Equal((expected, finding.Reason), ($"{verdict.Status.ToText()} {verdict.Code}", verdict.Summary == "Fine." ? finding.Reason : verdict.Summary));
    }

    [Theory]
    [InlineData(1.0, "pass none")]
    [InlineData(1.08, "pass none")]
    [InlineData(1.5, "fail level")]
    public void A_gauge_with_days_of_history(double factor, string expected)
    {
        var random = new Random(11);
        float[] history = [.. Enumerable.Range(0, 3 * 1440).Select(_ => 100 + random.NextSingle())];
        var reference = SeriesReference.Create(new MinuteSeries(UpgradeStep + 1 - history.Length, history), UpgradeStep + 1, new ReferenceOptions())!;
        var spec = Spec(Measure.Gauge) with { StepSeconds = 60, Tolerance = new Tolerance(0.1, null) };
        StepSample Step(long at, double value) => new(at, StepState.None, value, double.NaN);
        var judge = SliJudge.Create(spec, [.. Enumerable.Range(1, 60).Select(i => Step(UpgradeStep - 60 + i, history[^(61 - i)]))], new SliHistory { Reference = reference });
        for (var i = 1; i <= 60; i++) judge.Add(Step(UpgradeStep + i, factor * (100 + random.NextDouble())));

        Assert.Equal(expected, Verdict(judge, Stage.Closed));
    }

    private static IReadOnlyList<StepSample> Steps(Run[] runs, long first, StepState gapState)
    {
        List<StepSample> steps = [];
        foreach (var (count, errors) in runs)
        {
            for (var i = 0; i < count; i++)
            {
                var isGap = double.IsNaN(errors);
                steps.Add(new StepSample(first + steps.Count + 1, isGap ? gapState : StepState.None, errors, isGap ? double.NaN : 1000));
            }
        }

        return steps;
    }

    private static string Verdict(SliJudge judge, Stage stage, string? failure = null)
    {
        var finding = judge.Evaluate(new Moment(DateTimeOffset.UnixEpoch.AddSeconds(15 * UpgradeStep), stage, failure));
        var verdict = VerdictPolicy.Decide([Critical(finding)], Watched with { Closed = stage == Stage.Closed });
        return $"{verdict.Status.ToText()} {verdict.Code}";
    }

    private static Finding Critical(SliFinding finding) =>
        new() { Sli = "errors", Kind = SliKind.Ratio, Direction = Direction.Up, Critical = true, Unit = "ratio", Result = finding };

    private static SliSpec Spec(Measure measure) => new()
    {
        Name = "errors",
        Measure = measure,
        Unit = measure == Measure.Ratio ? "ratio" : "",
        Direction = Direction.Up,
        Tolerance = SeriesAnalysis.DefaultTolerance(measure),
        StepSeconds = 15,
    };

    /// <summary>Steps with the same errors per 1,000 requests.</summary>
    public readonly record struct Run(int Steps, double Errors)
    {
        public static implicit operator Run((int Steps, double Errors) run) => new(run.Steps, run.Errors);
    }
}
