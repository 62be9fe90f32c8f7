using UpgradeWatch.Analysis.Comparisons;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.Tests.Simulation;
using Xunit.Abstractions;

namespace UpgradeWatch.Analysis.Tests.Comparisons;

public sealed class SideBySideTests(ITestOutputHelper output)
{
    private static int Runs => Trial.IsFull ? 2000 : 200;

    // A true share of 1 % gives so many or more of 200 in fewer than 5 of 100 tests.
    private static int MostFalseAlarms => Trial.IsFull ? 20 : 4;

    public static TheoryData<Measure, double, double, double, double, double> Alike { get; } = new()
    {
        // measure, requests, split, error ratio, common noise, own noise
        { Measure.Ratio, 10, 1, 0.01, 0, 0 },
        { Measure.Ratio, 200, 0.5, 0.01, 0.5, 0 },
        { Measure.Ratio, 200, 0.1, 0.001, 0.5, 0 },
        { Measure.Ratio, 2000, 1, 0.05, 0.5, 0.1 },
        { Measure.Ratio, 2000, 0.5, 0.01, 1, 0.2 },
        { Measure.Buckets, 30, 0.5, 0, 0.3, 0 },
        { Measure.Buckets, 100, 1, 0, 0.3, 0.02 },
        { Measure.Gauge, 1, 1, 0, 0.3, 0.02 },
    };

    [Theory]
    [MemberData(nameof(Alike))]
    public void What_happens_to_both_sides_alike_is_no_failure(Measure measure, double requests, double split, double errors, double common, double own)
    {
        var runs = measure == Measure.Buckets ? Runs / 4 : Runs;
        var sides = new TwoSides { Measure = measure, Requests = requests, Split = split, ErrorRatio = errors, CommonNoise = common, OwnNoise = own, CommonChange = measure == Measure.Buckets ? 2 : 4 };

        var (failed, _) = sides.Run(runs);

        output.WriteLine($"{failed} of {runs} failed");
        Assert.True(failed <= MostFalseAlarms * runs / Runs, $"{failed} of {runs} failed");
    }

    [Fact]
    public void The_same_noise_fools_the_comparison_with_before()
    {
        var sides = new TwoSides { Measure = Measure.Ratio, CommonNoise = 0.5, CommonChange = 8 };
        var (reference, steps) = sides.Draw(1);
        var judge = SliJudge.Create(sides.Spec, [.. reference.Select(step => step.New)]);
        foreach (var step in steps)
            judge.Add(step.New);

        var before = judge.Evaluate(TwoSides.Moment());
        var same = sides.Judge(1).Evaluate(TwoSides.Moment());
        var both = BothComparisons.Combine(before, same);

        Assert.Equal(FindingStatus.Fail, before.Status);
        Assert.Equal((FindingStatus.Pass, FindingStatus.Pass), (same.Status, both.Status));
        Assert.Contains("the old instances do the same at the same time", both.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Measure.Ratio, 600, 0.01, 0.5, 2, 0.95, 60)]
    [InlineData(Measure.Ratio, 200, 0.01, 0.5, 5, 0.99, 20)]
    [InlineData(Measure.Ratio, 2000, 0.001, 1, 5, 0.99, 20)]
    [InlineData(Measure.Buckets, 100, 0, 0.3, 1.3, 0.95, 60)]
    [InlineData(Measure.Gauge, 1, 0, 0.3, 1.5, 0.95, 120)]
    public void A_new_side_that_is_worse_is_found_under_any_common_noise(Measure measure, double requests, double errors, double common, double worse, double share, int step)
    {
        var runs = Runs / 4;
        var sides = new TwoSides { Measure = measure, Requests = requests, ErrorRatio = errors, CommonNoise = common, Worse = worse };

        var (failed, median) = sides.Run(runs);

        output.WriteLine($"{failed} of {runs} found, median step {median}");
        Assert.True(failed >= share * runs, $"{failed} of {runs} found");
        Assert.True(median <= step, $"median step {median}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Who_is_called_old_and_who_new_only_turns_the_direction(int seed)
    {
        var sides = new TwoSides { Measure = Measure.Ratio, Worse = 1.5, Requests = 500, Split = 0.7 };
        var spec = sides.Spec with { Direction = Direction.Both, Tolerance = new Tolerance(0.25, null) };
        var (reference, steps) = sides.Draw(seed);
        var one = SideBySide.Create(spec, reference);
        var other = SideBySide.Create(spec, [.. reference.Select(Swapped)]);
        foreach (var step in steps)
        {
            one.Add(step);
            other.Add(Swapped(step));
            var (a, b) = (one.Evaluate(TwoSides.Moment()), other.Evaluate(TwoSides.Moment()));
            Assert.Equal(Math.Log(a.PValue!.Value), Math.Log(b.PValue!.Value), 1e-6);
            if (a.ChangeRatio is { } ratio && ratio > 0) Assert.Equal(1 / ratio, b.ChangeRatio!.Value, 1e-9 / ratio);
        }

        static PairedStep Swapped(PairedStep step) => new(step.New, step.Old, step.NewSize, step.OldSize);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_step_that_is_split_in_two_gives_the_same_evidence(int seed)
    {
        var sides = new TwoSides { Measure = Measure.Ratio, Worse = 2 };
        var (reference, steps) = sides.Draw(seed);
        var whole = SideBySide.Create(sides.Spec with { StepSeconds = 2 * TwoSides.StepSeconds }, reference);
        var halves = SideBySide.Create(sides.Spec, reference);
        foreach (var step in steps)
        {
            whole.Add(At(step, 2 * step.New.Step, 1));
            halves.Add(At(step, 2 * step.New.Step, 0.5));
            halves.Add(At(step, (2 * step.New.Step) + 1, 0.5));
        }

        Assert.Equal(Math.Log(whole.Evaluate(TwoSides.Moment()).PValue!.Value), Math.Log(halves.Evaluate(TwoSides.Moment()).PValue!.Value), 1e-6);

        static PairedStep At(PairedStep step, long index, double share) => new(Of(step.Old, index, share), Of(step.New, index, share));
        static StepSample Of(StepSample side, long index, double share) => side with { Step = index, Value = share * side.Value, Total = share * side.Total };
    }

    [Theory]
    [InlineData(20)]
    [InlineData(200)]
    [InlineData(5000)]
    public void A_minute_in_which_only_the_new_side_is_bad_is_no_failure(double requests)
    {
        var failed = 0;
        for (var seed = 1; seed <= Runs; seed++)
        {
            var sides = new TwoSides { Measure = Measure.Ratio, Requests = requests, ErrorRatio = 0.001, CommonNoise = 0.3 };
            var (reference, steps) = sides.Draw(seed);
            var judge = SideBySide.Create(sides.Spec, reference);
            var hasFailed = false;
            for (var i = 0; i < steps.Count; i++)
            {
                var step = steps[i];

                // The first two minutes are warm-up and not counted; the restart is still felt in the minute after.
                judge.Add(i < 4 ? step with { New = step.New with { Value = Math.Ceiling(step.New.Total * 0.02 * (4 - i) / 4) } } : step);
                hasFailed |= i >= 8 && judge.Evaluate(TwoSides.Moment()).Status == FindingStatus.Fail;
            }

            failed += hasFailed ? 1 : 0;
        }

        output.WriteLine($"{failed} of {Runs} failed");
        Assert.True(failed <= MostFalseAlarms, $"{failed} of {Runs} failed");
    }

    [Fact]
    public void A_failure_says_what_differs_at_the_same_time_and_since_when()
    {
        var finding = new TwoSides { Measure = Measure.Ratio, Worse = 5, Requests = 1000 }.Judge(1).Evaluate(TwoSides.Moment());

        output.WriteLine(finding.Reason);
        Assert.Equal((FindingStatus.Fail, FindingCodes.Level), (finding.Status, finding.Code));
        Assert.Matches("^error-ratio is .* on the new instances, .* times the .* on the old ones at the same time, since (00:59|01:00)", finding.Reason);
        Assert.InRange(finding.ChangeRatio!.Value, 4, 6);
        Assert.InRange(finding.ChangeLower!.Value, 3, finding.ChangeRatio.Value);
        Assert.True(finding.PValue < 0.01);
    }

    [Fact]
    public void Sides_that_become_alike_again_for_a_quarter_of_an_hour_are_called_recovered()
    {
        var bad = new TwoSides { Measure = Measure.Ratio, Worse = 5, Steps = 30 };
        var good = new TwoSides { Measure = Measure.Ratio, ReferenceSteps = 0, Steps = 100 };
        var (reference, steps) = bad.Draw(1);
        var judge = SideBySide.Create(bad.Spec, reference);
        foreach (var step in steps)
            judge.Add(step);
        var before = judge.Evaluate(TwoSides.Moment());
        foreach (var step in good.Draw(2).Steps)
            judge.Add(new PairedStep(step.Old with { Step = step.Old.Step + 270 }, step.New with { Step = step.New.Step + 270 }));
        var after = judge.Evaluate(TwoSides.Moment());

        Assert.Equal(FindingStatus.Fail, before.Status);
        Assert.Equal((FindingStatus.Warn, FindingCodes.Recovered), (after.Status, after.Code));
    }

    [Fact]
    public void Without_any_reference_nothing_is_said_and_a_known_dispersion_is_one()
    {
        var (_, steps) = new TwoSides { Measure = Measure.Ratio, Worse = 5 }.Draw(1);
        var spec = new TwoSides { Measure = Measure.Ratio }.Spec;
        var without = SideBySide.Create(spec, []);
        var with = SideBySide.Create(spec, [], dispersion: 2);
        foreach (var step in steps)
        {
            without.Add(step);
            with.Add(step);
        }

        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.NoBaseline), (without.Evaluate(TwoSides.Moment()).Status, without.Evaluate(TwoSides.Moment()).Code));
        Assert.Equal(FindingStatus.Fail, with.Evaluate(TwoSides.Moment()).Status);
    }

    [Theory]
    [InlineData(Stage.Watching, FindingStatus.Pending)]
    [InlineData(Stage.Closed, FindingStatus.Inconclusive)]
    public void Too_few_requests_on_the_new_side_are_said_to_be_that(Stage stage, FindingStatus status)
    {
        var finding = new TwoSides { Measure = Measure.Ratio, Requests = 100, Split = 0.001, Steps = 20 }.Judge(1).Evaluate(TwoSides.Moment(stage));

        Assert.Equal((status, FindingCodes.TooLittleData), (finding.Status, finding.Code));
    }

    [Fact]
    public void Steps_that_count_on_neither_side_or_have_a_gap_are_left_out()
    {
        var sides = new TwoSides { Measure = Measure.Ratio, Worse = 10 };
        var (reference, steps) = sides.Draw(1);
        var judge = SideBySide.Create(sides.Spec, reference);
        foreach (var step in steps)
        {
            judge.Add(step.New.Step % 2 == 0
                ? step with { New = step.New with { State = StepState.Starting } }
                : step with { Old = step.Old with { Total = double.NaN } });
        }

        Assert.Equal(0, judge.Evaluate(TwoSides.Moment()).ObservedSamples);
    }

    [Fact]
    public void Huge_and_tiny_counts_are_no_trouble()
    {
        var spec = new TwoSides { Measure = Measure.Ratio }.Spec;
        foreach (var (bad, all) in new[] { (1e3, 1e12), (0.0, 1e12), (1e12, 1e12), (0.0, 0.0), (1e-300, 1e-200) })
        {
            var judge = SideBySide.Create(spec, [], dispersion: 1);
            for (var step = 0; step < 50; step++)
                judge.Add(new PairedStep(new StepSample(step, StepState.None, bad, all), new StepSample(step, StepState.None, bad, all)));

            var finding = judge.Evaluate(TwoSides.Moment());
            Assert.InRange(finding.PValue!.Value, 1e-300, 1);
            Assert.NotEqual(FindingStatus.Fail, finding.Status);
        }
    }

    [Fact]
    public void Steps_that_do_not_fit_are_refused()
    {
        var judge = SideBySide.Create(new TwoSides { Measure = Measure.Ratio }.Spec, [], 1);
        judge.Add(Of(5, 5));

        Assert.Throws<ArgumentException>(() => judge.Add(Of(5, 5)));
        Assert.Throws<ArgumentException>(() => judge.Add(Of(6, 7)));

        static PairedStep Of(long old, long now) => new(new StepSample(old, StepState.None, 1, 10), new StepSample(now, StepState.None, 1, 10));
    }
}
