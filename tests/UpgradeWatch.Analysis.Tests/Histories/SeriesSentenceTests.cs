using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Tests.Judges;
using static UpgradeWatch.Analysis.Tests.Histories.Course;

namespace UpgradeWatch.Analysis.Tests.Histories;

/// <summary>What people read: what was expected and why, what was seen, since when, how often it happens otherwise.</summary>
public class SeriesSentenceTests
{
    private const double MiB = 1024 * 1024;

    private static readonly Func<int, double> Calm = Noise(1, 100 * MiB, MiB);

    [Fact]
    public void A_failure_tells_all_of_it()
    {
        var finding = new Course { Value = k => Calm(k) * (k >= 7 ? 1.2 : 1) }.Watch().Until(60).Look().Is(FindingStatus.Fail, FindingCodes.Level);
        Assert.Equal(
            "memory has been higher than usual since 14:07 (7 min after the upgrade): 120 MiB on average from 14:07 to 14:12, where 100 MiB is usual at this hour (going by the last 3 days); of 181 moments in the last 3 days when nothing was upgraded, none came this far.",
            finding.Reason);
        Assert.Equal(Afternoon.AddMinutes(7), finding.Since);
        Assert.Equal(100, finding.Baseline!.Value / MiB, 0.5);
        Assert.InRange(finding.ExpectedUpper!.Value / MiB, 101, 110);
        Assert.Equal(1.2, finding.ChangeRatio!.Value, 0.01);
        Assert.InRange(finding.PValue!.Value, 0, 0.005);
    }

    [Fact]
    public void With_less_than_two_and_a_half_days_no_hour_is_usual() =>
        new Course { HistoryMinutes = Day, Value = k => Calm(k) - (k >= 7 ? 20 * MiB : 0) }.Watch().Until(60).Look()
            .Is(FindingStatus.Fail, FindingCodes.Level)
            .Says("lower than usual").Says(" MiB on average from 14:07").Says("where 100 MiB is usual (going by the last 24 h); of");

    [Theory]
    [InlineData((7 * Day) - 60, "6 days and 23 h")]
    [InlineData((7 * Day) - 20, "7 days")]
    [InlineData((3 * Day) + (12 * 60), "3 days and 12 h")]
    public void How_long_the_past_is_is_told_to_the_hour(int minutes, string told) =>
        new Course { HistoryMinutes = minutes, Value = Calm }.Watch().Until(60).Look().Says($"moments in the last {told} when nothing was upgraded");

    [Fact]
    public void One_minute_is_not_called_an_average() =>
        new Course { Value = k => k >= 5 ? 5 : 0, Unit = "" }.Watch().Until(20).Look().Is(FindingStatus.Fail, FindingCodes.Level)
            .Says("5 in the minute from 14:0").Says("where 0 is usual");

    [Fact]
    public void What_is_usual_passes_with_what_would_have_been_unusual()
    {
        var finding = new Course { Value = Calm }.Watch().Until(60).Look().Is(FindingStatus.Pass, FindingCodes.None);
        Assert.Matches("^memory is 99.9 MiB, where 100 MiB is usual at this hour \\(going by the last 3 days\\) and 9\\d(\\.\\d)? MiB to 10\\d MiB is expected; of 181 moments in the last 3 days when nothing was upgraded, \\d+ came as far\\.$", finding.Reason);
        new Course { Value = _ => 0, Unit = "" }.Watch().Until(60).Look().Is(FindingStatus.Pass, FindingCodes.None).Says("memory is 0, where 0 is usual at this hour (going by the last 3 days) and 0 is expected");
    }

    [Fact]
    public void Beyond_chance_but_tolerated_passes_with_the_numbers()
    {
        var watch = new Course { Value = k => Calm(k) * (k >= 5 ? 1.07 : 1), Tolerance = new(0.1, null) }.Watch().Until(60);
        watch.Look().Is(FindingStatus.Pass, FindingCodes.None)
            .Says("higher than usual, but within the 10 % that is tolerated: 107 MiB on average from 14:05").Says("none came this far");
        watch.Until(120).Look(Stage.Closed).Is(FindingStatus.Pass, FindingCodes.None);
        new Course { Value = k => Calm(k) + (k >= 5 ? 7 * MiB : 0), Tolerance = new(null, 8 * MiB) }.Watch().Until(60).Look()
            .Is(FindingStatus.Pass, FindingCodes.None).Says("within the 8 MiB that is tolerated");
    }

    [Fact]
    public void Incidents_that_were_left_out_are_counted()
    {
        var now = Afternoon.ToUnixTimeSeconds() / 60;
        MinuteRange one = new(now - 2000, now - 1900);
        MinuteRange other = new(now - 3000, now - 2900);
        MinuteRange ancient = new(now - 30_000, now - 29_000);
        var course = new Course { Value = k => Calm(k) * (k >= 7 ? 1.2 : 1) };
        string Told(params MinuteRange[] ranges) => (course with { Options = new ReferenceOptions { LeftOut = ranges } }).Watch().Until(30).Look().Reason;
        Assert.Contains("(going by the last 3 days, without 1 earlier upgrade or incident in them)", Told(one, ancient), StringComparison.Ordinal);
        Assert.Contains("(going by the last 3 days, without 2 earlier upgrades or incidents in them)", Told(one, other), StringComparison.Ordinal);
        Assert.DoesNotContain("incident", Told(ancient), StringComparison.Ordinal);
    }

    [Fact]
    public void Beside_other_SLIs_moments_are_counted_at_which_any_of_them_strayed()
    {
        var course = new Course { Value = k => Calm(k) * (k >= 7 ? 1.2 : 1) };
        var joined = SeriesFamily.Join([course.Reference!, (course with { Value = Noise(2) }).Reference!]);
        new Watch(course, joined[0]).Until(60).Look().Is(FindingStatus.Fail, FindingCodes.Level)
            .Says("when nothing was upgraded, none came this far in any SLI.");
    }

    [Fact]
    public void After_midnight_the_distance_to_the_upgrade_tells_the_day()
    {
        var evening = new DateTimeOffset(2026, 3, 4, 23, 50, 0, TimeSpan.Zero);
        new Course { UpgradedAt = evening, Value = k => Calm(k) * (k >= 15 ? 1.3 : 1) }.Watch().Until(40).Look()
            .Is(FindingStatus.Fail, FindingCodes.Level).Says("since 00:05 (15 min after the upgrade)").Says("from 00:05 to 00:");
    }
}
