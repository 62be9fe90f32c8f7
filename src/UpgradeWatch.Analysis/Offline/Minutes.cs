using UpgradeWatch.Analysis.Histories;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>Turns steps into minutes. The indices of what comes out are minutes from the change.</summary>
internal static class Minutes
{
    /// <summary>A gauge by the minute: shorter steps are averaged, longer ones hold for all their minutes.</summary>
    public static IReadOnlyList<GridRow> OfGauge(IReadOnlyList<GridRow> rows, Timeline timeline)
    {
        if (timeline.StepSeconds >= Timeline.MinuteSeconds)
            return Hold(rows, timeline);

        var minutes = new List<GridRow>();
        foreach (var minute in rows.Where(row => double.IsFinite(row.Row.Value)).GroupBy(row => MinuteOf(row.Index, timeline)))
            minutes.Add(new GridRow(minute.Key, new SeriesRow(minute.Last().Row.Timestamp, minute.Average(row => row.Row.Value))));
        return minutes;
    }

    /// <summary>A histogram by the minute: shorter steps are added, longer ones hold for all their minutes.</summary>
    public static IReadOnlyList<GridRow> OfBuckets(IReadOnlyList<GridRow> rows, Timeline timeline)
    {
        if (timeline.StepSeconds >= Timeline.MinuteSeconds)
            return Hold(rows, timeline);

        var minutes = new List<GridRow>();
        foreach (var minute in rows.Where(row => row.Row.Buckets is not null).GroupBy(row => MinuteOf(row.Index, timeline)))
        {
            var sums = new double[minute.First().Row.Buckets!.Length];
            foreach (var row in minute)
                Add(sums, row.Row.Buckets!);
            minutes.Add(new GridRow(minute.Key, minute.Last().Row with { Buckets = sums }));
        }

        return minutes;
    }

    /// <summary>Minutes before the change as a series; empty when there are none.</summary>
    public static MinuteSeries ToSeries(IReadOnlyList<GridRow> minutes, Timeline timeline)
    {
        var first = minutes.Count == 0 ? 0 : minutes[0].Index;
        var values = new float[-first];
        Array.Fill(values, float.NaN);
        foreach (var (minute, row) in minutes)
            values[minute - first] = double.IsFinite(row.Value) ? (float)row.Value : float.NaN;
        return new MinuteSeries(timeline.FirstMinute + first, values);
    }

    /// <summary>The minute, counted from the change, in which a step begins.</summary>
    public static long MinuteOf(long index, Timeline timeline) => (long)Math.Floor(index * timeline.StepSeconds / Timeline.MinuteSeconds + 1e-9);

    private static List<GridRow> Hold(IReadOnlyList<GridRow> rows, Timeline timeline)
    {
        var minutes = new List<GridRow>(rows.Count);
        foreach (var (index, row) in rows)
        {
            var until = MinuteOf(index + 1, timeline);
            for (var minute = MinuteOf(index, timeline); minute < until; minute++)
                minutes.Add(new GridRow(minute, row));
        }

        return minutes;
    }

    private static void Add(double[] sums, double[] buckets)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] += buckets[i];
    }
}
