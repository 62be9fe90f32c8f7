using UpgradeWatch.Analysis.Histories;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>Turns steps before the change into minutes.</summary>
internal static class Minutes
{
    /// <summary>
    /// A gauge by the minute: shorter steps are averaged, longer ones hold for all their minutes. Empty when there is
    /// nothing before the change.
    /// </summary>
    public static MinuteSeries Average(IReadOnlyList<GridRow> before, Timeline timeline)
    {
        if (before.Count == 0)
            return new MinuteSeries(timeline.FirstMinute, []);

        var first = MinuteOf(before[0].Index, timeline);
        var (sums, counts) = (new double[-first], new int[-first]);
        foreach (var (index, row) in before)
        {
            if (!double.IsFinite(row.Value))
                continue;
            for (var minute = MinuteOf(index, timeline); minute < Math.Max(MinuteOf(index, timeline) + 1, MinuteOf(index + 1, timeline)); minute++)
            {
                sums[minute - first] += row.Value;
                counts[minute - first]++;
            }
        }

        var values = new float[-first];
        for (var i = 0; i < values.Length; i++)
            values[i] = counts[i] == 0 ? float.NaN : (float)(sums[i] / counts[i]);
        return new MinuteSeries(timeline.FirstMinute + first, values);
    }

    /// <summary>Steps of a histogram that are shorter than a minute, added to whole minutes; longer ones as they are.</summary>
    public static IReadOnlyList<GridRow> AddBuckets(IReadOnlyList<GridRow> rows, Timeline timeline)
    {
        if (timeline.StepSeconds >= Timeline.MinuteSeconds)
            return rows;

        var minutes = new List<GridRow>();
        foreach (var (index, row) in rows)
        {
            if (row.Buckets is not { } buckets)
                continue;
            var minute = MinuteOf(index, timeline);
            if (minutes.Count > 0 && minutes[^1].Index == minute)
            {
                Add(minutes[^1].Row.Buckets!, buckets);
                minutes[^1] = new GridRow(minute, minutes[^1].Row with { Timestamp = row.Timestamp });
            }
            else
            {
                minutes.Add(new GridRow(minute, row with { Buckets = [.. buckets] }));
            }
        }

        return minutes;
    }

    /// <summary>The minute, counted from the change, in which a step begins.</summary>
    private static long MinuteOf(long index, Timeline timeline) => (long)Math.Floor(index * timeline.StepSeconds / Timeline.MinuteSeconds + 1e-9);

    private static void Add(double[] sums, double[] buckets)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] += buckets[i];
    }
}
