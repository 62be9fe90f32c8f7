using CsCheck;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Tests.Judges;
using static UpgradeWatch.Analysis.Tests.Histories.Course;

namespace UpgradeWatch.Analysis.Tests.Histories;

/// <summary>Series with little in them, or too much.</summary>
public class OddSeriesTests
{
    private static readonly Func<int, double> Calm = Noise(1);

    private static readonly Gen<Func<int, double>> Odd = Gen.OneOf<Func<int, double>>(
        Gen.Const(Calm),
        Gen.Double[-50, 5].Select<double, Func<int, double>>(power => k => Calm(k) * Math.Pow(10, power)),
        Gen.Const<Func<int, double>>(k => (Calm(k) - 100) * 1e-40),
        Gen.Const<Func<int, double>>(k => Calm(k) * 1e300),
        Gen.Const<Func<int, double>>(k => (Calm(k) - 102) * 1e38),
        Gen.Double[-1e6, 1e6].Select<double, Func<int, double>>(value => _ => value),
        Gen.Int[2, 40].Select<int, Func<int, double>>(period => k => k % period == 0 ? 1 : 0),
        Gen.Int[2, 40].Select<int, Func<int, double>>(period => k => k % period == 0 ? double.NaN : Calm(k)),
        Gen.Int[2, 40].Select<int, Func<int, double>>(period => k => k % period == 0 ? double.PositiveInfinity : Calm(k)),
        Gen.Int[2, 400].Select<int, Func<int, double>>(period => k => k % period == 0 ? Math.Pow(2, 64) : Calm(k)),
        Gen.Int[2, 40].Select<int, Func<int, double>>(period => k => k % period == 0 ? Calm(k) : double.NaN),
        Gen.Int[0, 100].Select<int, Func<int, double>>(minutes => k => k < -minutes ? double.NaN : Calm(k)));

    [Fact]
    public void Whatever_the_series_and_however_long_its_history_nothing_breaks_and_every_number_is_one() =>
        Gen.Select(Odd, Odd, Gen.Int[0, 400], Gen.Int[1, 200], Gen.Int[0, 20], Gen.Enum<Direction>()).Sample(
            (before, after, history, horizon, warmup, direction) =>
            {
                var course = new Course
                {
                    HistoryMinutes = history,
                    Value = k => k < 0 ? before(k) : after(k),
                    Options = new() { HorizonMinutes = horizon, WarmupMinutes = warmup, Direction = direction },
                };
                AssertOnlyNumbers(course.Watch().Until(130).Look(Stage.Closed));
            },
            iter: 200);

    [Fact]
    public void Around_every_threshold_of_the_history_nothing_breaks()
    {
        foreach (var edge in new[] { 200, 240, 1440, 1500, 1560, 3600 })
        {
            for (var length = edge - 16; length <= edge + 16; length += 8)
                AssertOnlyNumbers(new Course { HistoryMinutes = length, Value = Calm }.Watch().Until(30).Look());
        }
    }

    [Fact]
    public void Under_four_hours_the_history_decides_nothing()
    {
        for (var length = 0; length < 240; length += 7)
        {
            var watch = new Course { HistoryMinutes = length, Value = k => Calm(k) * (k >= 0 ? 10 : 1) }.Watch().Until(120);
            Assert.Null(watch.FailedAfter);
            watch.Look(Stage.Closed).Is(FindingStatus.Pass, FindingCodes.Provisional);
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(360)]
    [InlineData(Day)]
    [InlineData(5 * Day / 2)]
    public void From_then_on_it_decides_and_does_not_cry_wolf(int length)
    {
        var course = new Course { HistoryMinutes = length, Value = k => Calm(k) * (k >= 5 ? 1.5 : 1) };
        course.Watch().Until(30).Look().Is(FindingStatus.Fail, FindingCodes.Level);
        (course with { Value = Calm }).Watch().Until(120).Look(Stage.Closed).Is(FindingStatus.Pass, FindingCodes.None);
    }

    [Theory]
    [InlineData(100, 1.001, FindingStatus.Pass)]
    [InlineData(100, 1.03, FindingStatus.Fail)]
    [InlineData(100, 2, FindingStatus.Fail)]
    [InlineData(0.1, 1.001, FindingStatus.Pass)]
    [InlineData(0.1, 2, FindingStatus.Fail)]
    [InlineData(1e-30, 2, FindingStatus.Fail)]
    [InlineData(1e30, 2, FindingStatus.Fail)]
    public void A_constant_that_changes_by_more_than_a_hundredth_has_changed(double level, double factor, FindingStatus status)
    {
        var course = new Course { Value = k => k >= 5 ? level * factor : level, Unit = "" };
        Assert.Equal(status, course.Watch().Until(60).Look().Status);
        (course with { Value = _ => level }).Watch().Until(120).Look(Stage.Closed).Is(FindingStatus.Pass, FindingCodes.None);
    }

    [Fact]
    public void Noise_far_smaller_than_anybody_would_mind_is_no_measure_of_what_is_rare()
    {
        var tiny = Noise(3, 100, 1e-5);
        Assert.Equal(FindingStatus.Pass, new Course { Value = k => tiny(k) + (k >= 5 ? 0.01 : 0) }.Watch().Until(60).Look().Status);
        Assert.Equal(FindingStatus.Fail, new Course { Value = k => tiny(k) + (k >= 5 ? 10 : 0) }.Watch().Until(60).Look().Status);
    }

    [Fact]
    public void A_series_of_two_values_may_go_on_so_but_not_stay_at_one_that_was_rare()
    {
        Func<int, double> mixed = Cached(5, draw => draw.Uniform() < 0.5 ? 1 : 2);
        Assert.Equal(FindingStatus.Pass, new Course { Value = mixed }.Watch().Until(120).Look().Status);
        Func<int, double> mostly = Cached(5, draw => draw.Uniform() < 0.97 ? 1 : 2);
        Assert.Equal(FindingStatus.Pass, new Course { Value = mostly }.Watch().Until(120).Look().Status);
        Assert.Equal(FindingStatus.Fail, new Course { Value = k => k >= 0 ? 2 : mostly(k) }.Watch().Until(60).Look().Status);
    }

    [Fact]
    public void Rare_spikes_are_usual_and_hide_nothing_else()
    {
        Func<int, double> queue = k => Math.Abs(k + 13) % 2500 == 0 ? 1e5 : 0;
        var course = new Course { Value = queue, Unit = "", Options = new() { Direction = Direction.Up } };
        Assert.Equal(FindingStatus.Pass, course.Watch().Until(120).Look().Status);
        (course with { Value = k => k >= 5 ? 5e4 : queue(k) }).Watch().Until(30).Look().Is(FindingStatus.Fail, FindingCodes.Level);
    }

    [Fact]
    public void A_counter_that_fell_below_0_for_a_minute_after_the_upgrade_does_not_blind_the_judge()
    {
        Func<int, double> glitch = k => k == 10 ? Math.Pow(2, 64) : Calm(k);
        Assert.Null(new Course { Value = glitch }.Watch().Until(120).FailedAfter);
        Assert.Equal(FindingStatus.Fail, new Course { Value = k => glitch(k) * (k >= 40 ? 1.5 : 1) }.Watch().Until(60).Look().Status);
    }

    [Fact]
    public void Missing_minutes_are_gaps_and_not_zeros()
    {
        Func<int, double> holes = k => Math.Abs(k) % 7 < 2 ? double.NaN : Calm(k);
        Assert.Equal(FindingStatus.Warn, new Course { Value = holes }.Watch().Until(120).Look(Stage.Closed).Status);
        var worse = new Course { Value = k => holes(k) * (k >= 5 ? 1.5 : 1) }.Watch().Until(30);
        worse.Look().Is(FindingStatus.Fail, FindingCodes.Level);
    }

    [Fact]
    public void A_value_in_every_other_minute_is_enough()
    {
        Func<int, double> sparse = k => k % 2 == 0 ? Calm(k) : double.NaN;
        var worse = new Course { Value = k => k < 0 ? sparse(k) : Calm(k) * (k >= 5 ? 1.5 : 1) }.Watch().Until(30);
        worse.Look().Is(FindingStatus.Fail, FindingCodes.Level);
    }

    [Fact]
    public void Three_values_in_three_days_are_no_history()
    {
        var course = new Course { Value = k => k is -2000 or -1000 or -5 or >= 0 ? Calm(k) : double.NaN };
        Assert.Null(course.Reference);
        Assert.Null(new Course { HistoryMinutes = 0, Value = Calm }.Reference);
        Assert.Null(new Course { Value = _ => double.NaN }.Reference);
        Assert.Null(new Course { Value = _ => double.PositiveInfinity }.Reference);
        Assert.Null(SeriesReference.Create(new Course { Value = Calm }.History, 5, new ReferenceOptions()));
    }

    private static void AssertOnlyNumbers(SliFinding finding)
    {
        double?[] numbers = [finding.Baseline, finding.Current, finding.ExpectedLower, finding.ExpectedUpper, finding.ChangeRatio, finding.PValue];
        Assert.True(numbers.All(number => number is null || double.IsFinite(number.Value)) && finding.PValue is null or (> 0 and <= 1), $"{finding}");
        Assert.EndsWith(".", finding.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", finding.Reason, StringComparison.Ordinal);
        Assert.NotEqual(FindingStatus.Pending, finding.Status);
    }
}
