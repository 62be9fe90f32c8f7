using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Tests.Judges;
using static UpgradeWatch.Analysis.Tests.Histories.Course;

namespace UpgradeWatch.Analysis.Tests.Histories;

/// <summary>Incidents and earlier upgrades in the history.</summary>
public class LeftOutTests
{
    private static readonly Func<int, double> Calm = Noise(1);

    [Fact]
    public void Incidents_make_the_judge_blind_and_do_not_when_they_are_left_out()
    {
        // Five bad hours in five days, and an upgrade that does the same.
        int[] incidents = [-1500, -3000, -4200, -5500, -6600];
        var course = new Course
        {
            HistoryMinutes = 5 * Day,
            Value = k => Calm(k) * (k >= 5 || incidents.Any(from => k >= from && k < from + 60) ? 1.5 : 1),
            Options = new() { Direction = Direction.Up },
        };
        Assert.NotEqual(FindingStatus.Fail, course.Watch().Until(60).Look().Status);
        var aware = Without(course, [.. incidents.Select(from => (from, from + 59))]);
        aware.Watch().Until(60).Look().Is(FindingStatus.Fail, FindingCodes.Level).Says("without 5 earlier upgrades or incidents in them");
    }

    [Fact]
    public void No_moment_to_compare_with_is_one_after_which_an_incident_was()
    {
        var course = Without(new Course { Value = Calm }, [(-2000, -1900)]);
        Assert.All(course.Reference!.State.Moments, moment =>
            Assert.True(Math.Min(course.First - 1900, moment + 119) - Math.Max(course.First - 2000, moment - 60) + 1 <= 0.25 * 180));
        Assert.True(course.Reference!.Placebos < (course with { Options = new() }).Reference!.Placebos);
    }

    [Fact]
    public void After_a_bad_hour_right_before_the_upgrade_what_is_expected_is_what_was_before_it_where_it_is_left_out()
    {
        var course = new Course { Value = k => Calm(k) * (k is >= -60 and < 0 ? 2 : 1) };
        var aware = Without(course, [(-60, -1)]);
        Assert.Equal(100, aware.Reference!.ExpectedAt(course.First + 5), 1.0);
        aware.Watch().Until(120).Look().Is(FindingStatus.Pass, FindingCodes.None);
    }

    [Fact]
    public void A_bad_hour_that_goes_on_is_not_the_fault_of_the_upgrade_where_such_hours_last()
    {
        // A level that changes now and then and stays so: what was just before is what is expected.
        var level = 0.0;
        var steps = Cached(8, draw =>
        {
            if (draw.Uniform() < 1 / 300.0)
                level = 10 * draw.Normal();
            return 100 + level + draw.Normal();
        });
        var course = new Course { HistoryMinutes = 5 * Day, Value = k => k < -60 ? steps(k) : Calm(k) + 25 };
        Assert.True(course.Follow().Chance > 0.01);
    }

    [Fact]
    public void Where_everything_is_left_out_there_is_nothing_to_judge_by() =>
        Assert.Null(Without(new Course { Value = Calm }, [(-3 * Day, 0)]).Reference);

    [Fact]
    public void Ranges_may_overlap_and_reach_beyond_the_history()
    {
        var course = Without(new Course { Value = Calm }, [(-100_000, -4000), (-2100, -2000), (-2050, -1950), (-30, 5000)]);
        course.Watch().Until(60).Look().Is(FindingStatus.Pass, FindingCodes.None);
    }

    private static Course Without(Course course, (int From, int To)[] ranges) => course with
    {
        Options = course.Options with { LeftOut = [.. ranges.Select(range => new MinuteRange(course.First + range.From, course.First + range.To))] },
    };
}
