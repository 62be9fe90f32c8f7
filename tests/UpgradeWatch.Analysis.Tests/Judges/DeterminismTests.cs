using CsCheck;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Tests.Judges;

public class DeterminismTests
{
    private static readonly Moment Now = new(DateTimeOffset.UnixEpoch, Stage.Watching);

    private static readonly Gen<StepSample[]> Steps =
        Gen.Select(Gen.Int[0, 200], Gen.Double[0, 1], Gen.Int[0, 40]).Select((all, share, state) => Step(all, share, state)).Array[0, 80]
            .Select(steps => steps.Select((step, index) => step with { Step = index + 1 }).ToArray());

    public static TheoryData<Measure> Measures => [Measure.Ratio, Measure.Count, Measure.Buckets, Measure.Gauge];

    [Theory]
    [MemberData(nameof(Measures))]
    public void Feeding_the_same_steps_again_gives_the_same_finding_and_looking_changes_nothing(Measure measure) =>
        Gen.Select(Steps, Steps).Sample((before, after) =>
        {
            var (looked, fed) = (Make(measure, before), Make(measure, before));
            foreach (var step in after)
            {
                looked.Add(Shift(step));
                looked.Evaluate(Now);
                fed.Add(Shift(step));
            }

            return looked.Evaluate(Now) == fed.Evaluate(Now)
                && looked.Evaluate(Now with { Stage = Stage.Closed }) == fed.Evaluate(Now with { Stage = Stage.Closed });
        });

    [Theory]
    [MemberData(nameof(Measures))]
    public void Whatever_comes_no_number_is_NaN_and_no_sentence_is_empty(Measure measure) =>
        Gen.Select(Steps, Steps, Gen.Enum<Stage>()).Sample((before, after, stage) =>
        {
            var judge = Make(measure, before);
            foreach (var step in after)
                judge.Add(Shift(step));
            var finding = judge.Evaluate(Now with { Stage = stage });
            double?[] numbers = [finding.Baseline, finding.Current, finding.ExpectedLower, finding.ExpectedUpper, finding.ChangeRatio, finding.ChangeLower, finding.ChangeUpper, finding.PValue];
            return numbers.All(number => number is null || double.IsFinite(number.Value))
                && finding.PValue is null or (>= 0 and <= 1)
                && finding.Reason.Length > 0
                && !(stage == Stage.Closed && finding.Status == FindingStatus.Pending)
                && !(stage == Stage.Upgrading && finding.Status == FindingStatus.Pass);
        });

    [Fact]
    public void Evidence_does_not_depend_on_how_the_requests_are_split_into_steps() =>
        Gen.Select(Gen.Int[0, 50], Gen.Int[50, 500], Gen.Int[1, 5]).Array[1, 40].Sample(steps =>
        {
            var (whole, split) = (Make(Measure.Ratio, Calm), Make(Measure.Ratio, Calm));
            var index = 1000;
            foreach (var (bad, all, _) in steps)
                whole.Add(new StepSample(++index, StepState.None, bad * 60, all * 60));
            index = 1000;
            foreach (var (bad, all, parts) in steps)
            {
                for (var i = 0; i < parts; i++)
                    split.Add(new StepSample(++index, StepState.None, bad * 60.0 / parts, all * 60.0 / parts));
            }

            var (first, second) = (whole.Evaluate(Now).ChangeRatio, split.Evaluate(Now).ChangeRatio);
            return first is null ? second is null : Math.Abs(first.Value - second!.Value) <= 1e-9 * first.Value;
        });

    private static StepSample[] Calm => [.. Enumerable.Range(1, 100).Select(step => new StepSample(step, StepState.None, 1, 1000))];

    private static StepSample Step(int all, double share, int state)
    {
        // One step in ten is a gap; states beyond the flags are ordinary steps.
        var flags = state < 16 ? (StepState)state : StepState.None;
        var first = Math.Floor(all * share);
        return state == 40
            ? new StepSample(0, flags, double.NaN, double.NaN)
            : new StepSample(0, flags, Math.Floor(all * share * share), all, [first, Math.Floor((first + all) / 2), all]);
    }

    private static StepSample Shift(StepSample step) => step with { Step = step.Step + 1000 };

    private static SliJudge Make(Measure measure, IReadOnlyList<StepSample> baseline) => SliJudge.Create(
        new SliSpec
        {
            Name = "sli",
            Measure = measure,
            Unit = "seconds",
            Direction = Direction.Both,
            Tolerance = new(0.2, null),
            StepSeconds = 15,
            Bounds = measure == Measure.Buckets ? [0.1, 1, double.PositiveInfinity] : [],
        },
        baseline);
}
