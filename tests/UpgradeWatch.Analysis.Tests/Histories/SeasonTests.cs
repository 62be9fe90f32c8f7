using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Tests.Judges;
using static UpgradeWatch.Analysis.Tests.Histories.Course;

namespace UpgradeWatch.Analysis.Tests.Histories;

/// <summary>A service whose load follows the clocks of the people who use it.</summary>
public class SeasonTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly TimeZoneInfo Kolkata = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata");

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(19)]
    public void A_rise_or_fall_that_comes_every_day_is_no_harm_and_harm_is_found_on_both(int hour)
    {
        var course = Rhythm(new DateTimeOffset(2026, 3, 6, hour, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc);
        course.Watch().Until(120).Look().Is(FindingStatus.Pass, FindingCodes.None);
        var worse = (course with { Value = k => course.Value(k) * (k >= 5 ? 1.25 : 1) }).Watch().Until(20);
        worse.Look().Is(FindingStatus.Fail, FindingCodes.Level).Says("higher than usual").Says("usual at this hour (going by the last 5 days)");
    }

    [Theory]
    [InlineData(2026, 3, 29)]
    [InlineData(2026, 3, 30)]
    [InlineData(2026, 10, 25)]
    [InlineData(2026, 10, 26)]
    public void On_days_on_which_the_clocks_change_the_load_follows_the_clocks(int year, int month, int day)
    {
        foreach (var hour in new[] { 1, 7 })
        {
            var course = Rhythm(new DateTimeOffset(year, month, day, hour, 0, 0, TimeSpan.Zero), Berlin);
            Assert.True(course.Follow().Chance > 0.01, $"{course.UpgradedAt}: {course.Follow().Chance}");
            var worse = course with { Value = k => course.Value(k) * (k >= 5 ? 1.5 : 1) };
            Assert.True(worse.Follow().Chance < 0.01, $"{course.UpgradedAt}: {worse.Follow().Chance}");
        }
    }

    [Theory]
    [InlineData(2026, 3, 29)]
    [InlineData(2026, 10, 25)]
    public void After_the_clocks_have_changed_what_is_usual_moves_with_them(int year, int month, int day)
    {
        // Three days before the change to three days after it, without noise. The change is at 01:00 UTC.
        var change = new DateTimeOffset(year, month, day, 1, 0, 0, TimeSpan.Zero);
        var course = Rhythm(change.AddDays(-3), Berlin);
        double[] values = [.. Enumerable.Range(0, 6 * Day).Select(k => Load(change.AddDays(-3).AddMinutes(k), Berlin))];
        var usual = Season.Expect(values, course.First, 0, Berlin);
        var unzoned = Season.Expect(values, course.First, 0, TimeZoneInfo.Utc);
        Assert.True(Miss(usual, 6 * Day) < 1, $"{Miss(usual, 6 * Day)}");
        Assert.True(Miss(unzoned, 4 * Day) > 10, $"{Miss(unzoned, 4 * Day)}");

        // The two hours after the change are there twice, or not at all, on the days before.
        double Miss(double[] expected, int until) => Enumerable.Range(3 * Day + 120, until - 3 * Day - 120).Max(k => Math.Abs(expected[k] - values[k]));
    }

    [Fact]
    public void A_zone_may_be_half_an_hour_off()
    {
        var course = Rhythm(new DateTimeOffset(2026, 3, 6, 3, 0, 0, TimeSpan.Zero), Kolkata);
        Assert.True(course.Follow().Chance > 0.05);
        Assert.True((course with { Value = k => course.Value(k) * (k >= 5 ? 1.3 : 1) }).Follow().Chance < 0.01);
        Assert.Equal(course.Follow().Chance, (course with { Options = course.Options with { TimeZone = TimeZoneInfo.Utc } }).Follow().Chance, 9);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void Weekends_are_quieter_and_neither_they_nor_the_Monday_after_are_harm(int dayOfMarch)
    {
        // 2026-03-07 is a Saturday.
        var course = Rhythm(new DateTimeOffset(2026, 3, dayOfMarch, 10, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc);
        Func<int, double> weekly = k => course.Value(k) * (IsWeekend(course, k) ? 0.6 : 1);
        var test = (course with { Value = weekly, HistoryMinutes = 7 * Day }).Follow();
        Assert.True(test.Chance > 0.01, $"{test.Chance}");
    }

    [Fact]
    public void With_two_days_no_time_of_day_is_known_and_with_two_and_a_half_it_is()
    {
        var course = Rhythm(Afternoon, TimeZoneInfo.Utc);
        Assert.False((course with { HistoryMinutes = 2 * Day }).Reference!.IsSeasonal);
        Assert.True((course with { HistoryMinutes = 5 * Day / 2 }).Reference!.IsSeasonal);
    }

    private static Course Rhythm(DateTimeOffset upgradedAt, TimeZoneInfo zone)
    {
        var noise = Sluggish(3, 0, 3);
        var first = upgradedAt.ToUnixTimeSeconds() / 60 + 1;
        return new Course
        {
            UpgradedAt = upgradedAt,
            HistoryMinutes = 6 * Day,
            Options = new ReferenceOptions { TimeZone = zone },
            Value = k => Load(DateTimeOffset.UnixEpoch.AddMinutes(first + k - 1), zone) + noise(k),
        };
    }

    /// <summary>Least at 01:00 and most at 13:00 by the clock.</summary>
    private static double Load(DateTimeOffset time, TimeZoneInfo zone) =>
        100 + 60 * Math.Sin(2 * Math.PI * (TimeZoneInfo.ConvertTime(time, zone).TimeOfDay.TotalMinutes - 420) / Day);

    private static bool IsWeekend(Course course, int k) =>
        course.UpgradedAt.AddMinutes(k).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
