using UpgradeWatch.Analysis.Offline;

namespace UpgradeWatch.Analysis.Tests.Offline;

public class MinutesTests
{
    private const double ChangeAt = 1_700_000_040;

    [Fact]
    public void Shorter_steps_are_averaged_and_gaps_are_left_out_of_the_mean()
    {
        var (rows, timeline) = Grid(15, [1, 2, 3, 6, 10, double.NaN, 20, double.NaN]);
        var minutes = Minutes.ToSeries(Minutes.OfGauge(rows, timeline), timeline);
        Assert.Equal([3f, 15f], minutes.Values);
        Assert.Equal(timeline.FirstMinute, minutes.EndMinute);
    }

    [Fact]
    public void Longer_steps_hold_for_all_their_minutes()
    {
        var (rows, timeline) = Grid(180, [4, double.NaN, 7]);
        Assert.Equal([4f, 4, 4, float.NaN, float.NaN, float.NaN, 7, 7, 7], Minutes.ToSeries(Minutes.OfGauge(rows, timeline), timeline).Values);
    }

    [Fact]
    public void Minutes_stay_minutes()
    {
        var (rows, timeline) = Grid(60, [1, double.NaN, 3]);
        Assert.Equal([1f, float.NaN, 3f], Minutes.ToSeries(Minutes.OfGauge(rows, timeline), timeline).Values);
    }

    [Fact]
    public void Buckets_of_shorter_steps_are_added()
    {
        var (rows, timeline) = Grid(30, [0, 0, 0, 0]);
        GridRow[] buckets = [.. rows.Select((row, index) => row with { Row = row.Row with { Buckets = [index, 10] } })];
        var minutes = Minutes.OfBuckets(buckets, timeline);
        Assert.Equal([-2L, -1], minutes.Select(minute => minute.Index));
        Assert.Equal([1.0, 20], minutes[0].Row.Buckets!);
        Assert.Equal([5.0, 20], minutes[1].Row.Buckets!);
        Assert.Equal(3, buckets[3].Row.Buckets![0]);
    }

    private static (GridRow[] Rows, Timeline Timeline) Grid(double step, double[] before)
    {
        SeriesRow[] rows = [.. before.Select((value, index) => new SeriesRow(ChangeAt - (step * (before.Length - index)), value))];
        var timeline = new Timeline([.. rows.Select(row => row.Timestamp)], ChangeAt);
        return ([.. rows.Select(row => new GridRow(timeline.IndexOf(row.Timestamp), row))], timeline);
    }
}
