using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Analysis.Tests.Offline;

public class TimelineTests
{
    private const double ChangeAt = 1_700_000_055;

    [Theory]
    [InlineData(60, 0)]
    [InlineData(60, 17.5)]
    [InlineData(60, 59.9)]
    [InlineData(15, 0)]
    [InlineData(15, 14)]
    [InlineData(300, 120)]
    [InlineData(7, 3)]
    public void Rows_at_equal_distances_get_indices_in_a_row_wherever_the_change_is(double step, double phase)
    {
        double[] times = [.. Enumerable.Range(-100, 200).Select(i => ChangeAt + phase + (i * step))];
        var timeline = new Timeline(times, ChangeAt);
        Assert.Equal(step, timeline.StepSeconds, 6);
        Assert.Equal(Enumerable.Range(-100, 200).Select(i => (long)i), times.Select(timeline.IndexOf));
        Assert.Equal(times[120], timeline.TimeOf(20), 3);
    }

    [Fact]
    public void Rows_that_jitter_lose_next_to_nothing()
    {
        var draw = new Draw(7);
        double[] times = [.. Enumerable.Range(-2000, 4000).Select(i => ChangeAt + (15 * i) + (0.4 * draw.Normal())).Order()];
        var timeline = new Timeline(times, ChangeAt);
        Assert.True(times.Select(timeline.IndexOf).Distinct().Count() >= times.Length - 2);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(15)]
    [InlineData(300)]
    public void The_change_is_on_a_boundary_of_steps_and_minutes(double step)
    {
        var timeline = new Timeline([.. Enumerable.Range(-10, 20).Select(i => ChangeAt + (i * step))], ChangeAt);
        Assert.Equal(timeline.Boundary, (timeline.FirstStep - 1) * step);
        Assert.Equal(timeline.Boundary, (timeline.FirstMinute - 1) * 60.0);
        Assert.InRange(Math.Abs(timeline.Boundary - ChangeAt), 0, Math.Max(60, step) / 2);
    }

    [Fact]
    public void A_row_just_before_the_change_is_before_and_one_at_it_after()
    {
        var timeline = new Timeline([ChangeAt - 60, ChangeAt - 1, ChangeAt, ChangeAt + 60], ChangeAt);
        Assert.Equal(-1, timeline.IndexOf(ChangeAt - 1));
        Assert.Equal(0, timeline.IndexOf(ChangeAt));
    }
}
