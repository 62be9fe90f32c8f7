using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Tests.Judges;
using static UpgradeWatch.Analysis.Tests.Histories.Course;

namespace UpgradeWatch.Analysis.Tests.Histories;

/// <summary>When a series with a history fails, when that is over, and what never is a failure.</summary>
public class SeriesVerdictTests
{
    private static readonly Func<int, double> Calm = Noise(1);

    [Fact]
    public void A_change_that_lasts_stays_a_failure_to_the_end_of_the_window()
    {
        foreach (var size in new[] { 1.05, 1.1, 1.5, 10 })
        {
            var watch = new Course { Value = k => Calm(k) * (k >= 5 ? size : 1) }.Watch();
            for (var minute = 20; minute <= 120; minute += 5)
                watch.Until(minute).Look().Is(FindingStatus.Fail, FindingCodes.Level);
            Assert.InRange(watch.FailedAfter!.Value, 6, 15);
        }
    }

    [Fact]
    public void A_bump_of_20_minutes_fails_is_recovered_15_minutes_after_it_is_back_and_fails_again_when_it_comes_back()
    {
        var watch = new Course { Value = k => Calm(k) * (k is (>= 5 and < 25) or >= 80 ? 1.5 : 1) }.Watch();
        watch.Until(24).Look().Is(FindingStatus.Fail, FindingCodes.Level).Says("has been higher than usual since 14:05");
        watch.Until(38).Look().Is(FindingStatus.Fail, FindingCodes.Level).Says("was higher than usual since 14:05").Says("back where it usually is");
        watch.Until(42).Look().Is(FindingStatus.Warn, FindingCodes.Recovered).Says("since 14:05").Says("for 15 min").Says("as usual");
        watch.Until(79).Look().Is(FindingStatus.Warn, FindingCodes.Recovered);
        var again = watch.Until(84).Look().Is(FindingStatus.Fail, FindingCodes.Level).Says("since 15:20 (80 min after the upgrade)");
        Assert.Equal(Afternoon.AddMinutes(80), again.Since);
    }

    [Fact]
    public void One_wild_minute_is_transient_and_never_a_failure()
    {
        foreach (var minute in new[] { 0, 1, 5, 40, 119 })
        {
            var watch = new Course { Value = k => Calm(k) * (k == minute ? 5 : 1) }.Watch().Until(120);
            Assert.Null(watch.FailedAfter);
            watch.Look(Stage.Closed).Is(FindingStatus.Warn, FindingCodes.Transient).Says("worse than usual for a while");
        }
    }

    [Fact]
    public void A_small_rare_difference_at_first_does_not_hide_a_large_one_later()
    {
        // 8 % at once is rarer than 25 % an hour later, but only the latter is beyond tolerance.
        var watch = new Course { Value = k => Calm(k) * (k >= 100 ? 1.25 : k >= 0 ? 1.08 : 1), Tolerance = new(0.1, null) }.Watch();
        watch.Until(100).Look().Is(FindingStatus.Pass, FindingCodes.None);
        watch.Until(120).Look().Is(FindingStatus.Fail, FindingCodes.Level).Says("since 15:4");
    }

    [Fact]
    public void What_came_back_within_tolerance_is_no_failure_any_more()
    {
        var watch = new Course { Value = k => Calm(k) * (k < 0 ? 1 : k < 20 ? 1.5 : 1.06), Tolerance = new(0.1, null) }.Watch();
        watch.Until(20).Look().Is(FindingStatus.Fail, FindingCodes.Level);
        watch.Until(40).Look().Is(FindingStatus.Warn, FindingCodes.Recovered);
    }

    [Fact]
    public void A_short_history_looks_ahead_less_far_but_a_failure_can_still_recover_after_that()
    {
        var watch = new Course { HistoryMinutes = 360, Value = k => Calm(k) * (k is >= 5 and < 100 ? 1.2 : 1) }.Watch();
        watch.Until(99).Look().Is(FindingStatus.Fail, FindingCodes.Level);
        watch.Until(120).Look().Is(FindingStatus.Warn, FindingCodes.Recovered);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(90)]
    [InlineData(120)]
    [InlineData(300)]
    public void Steps_of_any_length_find_the_same(double stepSeconds)
    {
        var course = new Course { StepSeconds = stepSeconds, Value = k => Calm(k) * (k is >= 30 and < 60 ? 1.3 : 1) };
        var watch = course.Watch();
        watch.Until(30).Look().Is(FindingStatus.Pass, FindingCodes.None);
        watch.Until(45).Look().Is(FindingStatus.Fail, FindingCodes.Level);
        Assert.InRange(watch.FailedAfter!.Value, 31, 36);
        watch.Until(85).Look().Is(FindingStatus.Warn, FindingCodes.Recovered);
    }

    [Fact]
    public void Four_steps_in_a_minute_are_as_good_as_one()
    {
        var course = new Course { Value = k => Calm(k) * (k >= 7 ? 1.2 : 1) };
        var (one, four) = (course.Watch(), (course with { StepSeconds = 15 }).Watch());
        for (var minute = 3; minute <= 120; minute++)
        {
            var (whole, split) = (one.Until(minute).Look(), four.Until(minute).Look());
            Assert.Equal((whole.Status, whole.Code, whole.PValue, whole.Since), (split.Status, split.Code, split.PValue, split.Since));
        }
    }

    [Fact]
    public void A_wild_minute_long_ago_does_not_make_a_failure_of_an_ordinary_departure()
    {
        var noise = Noise(3);
        var course = new Course
        {
            Value = k => noise(k) + (k == 5 ? 60 : k is >= 70 and < 74 ? 2.5 : 0),
        };
        var watch = course.Watch().Until(110);
        Assert.True(watch.FailedAfter is null, $"{watch.FailedAfter} {watch.Look()}");
        Assert.NotEqual(FindingStatus.Fail, watch.Look().Status);

        // What is rare itself fails, with or without the wild minute.
        Assert.NotNull((course with { Value = k => noise(k) + (k == 5 ? 60 : k >= 70 ? 8 : 0) }).Watch().Until(110).FailedAfter);
    }

    [Fact]
    public void An_hour_that_was_a_gap_on_every_day_is_judged_by_the_time_before_it()
    {
        var noise = Noise(4);
        var course = new Course
        {
            Value = k => k < 0 && IsNight(k) ? double.NaN : noise(k) + (k >= 30 ? 12 : 0),
        };
        Assert.True(Enumerable.Range(0, 120).Count(k => double.IsFinite(course.Reference!.ExpectedAt(course.First + k))) > 110);
        Assert.NotNull(course.Watch().Until(110).FailedAfter);

        // The two hours after the upgrade, on the days before.
        static bool IsNight(int k) => (k % Day + Day) % Day < 120;
    }

    [Fact]
    public void Histories_with_nothing_in_common_are_judged_as_many_and_not_as_one()
    {
        var longest = new Course { Value = Noise(5), HistoryMinutes = 6 * Day };
        var shorts = Enumerable.Range(6, 9).Select(seed => (new Course { Value = Noise(seed), HistoryMinutes = Day / 4 }).Reference!);
        var joined = SeriesFamily.Join([longest.Reference!, .. shorts]);

        // Moments that only one of them has say nothing of the largest of ten.
        Assert.True((joined[0].State.FamilyScores?.Length ?? 0) < 40);
        var alone = SeriesFamily.Join([longest.Reference!, (longest with { Value = Noise(20) }).Reference!]);
        Assert.True(alone[0].State.FamilyScores!.Length > 200);
    }
}
