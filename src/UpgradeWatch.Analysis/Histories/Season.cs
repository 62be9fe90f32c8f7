namespace UpgradeWatch.Analysis.Histories;

/// <summary>What is usual at this time of day: the median over the last days of a short running median.</summary>
internal static class Season
{
    /// <summary>History that is needed to know a day from another one.</summary>
    public const int LeastMinutes = 3600;

    private const int Days = 5;
    private const int DayMinutes = 1440;
    private const int Half = 7;

    /// <summary>The usual value at every minute of the history and of the minutes after it; NaN where no earlier day has any.</summary>
    /// <param name="values">The history; NaN for gaps.</param>
    /// <param name="first">The minute of the first value.</param>
    /// <param name="after">How many minutes after the history are wanted.</param>
    /// <param name="zone">Whose time of day.</param>
    public static double[] Expect(double[] values, long first, int after, TimeZoneInfo zone)
    {
        var smooth = RunningMedian(values);
        var usual = new double[values.Length + after];
        var offsets = Offsets(first, usual.Length, zone);
        Span<double> days = stackalloc double[Days];
        for (var t = 0; t < usual.Length; t++)
        {
            var count = 0;
            for (var d = 1; d <= Days; d++)
            {
                var earlier = t - d * DayMinutes;
                if (earlier < 0)
                    break;

                // The same time on the clock: by an hour another one where the clocks were changed in between.
                earlier += offsets[t] - offsets[earlier];
                if (earlier >= 0 && earlier < values.Length && !double.IsNaN(smooth[earlier]))
                    days[count++] = smooth[earlier];
            }

            usual[t] = Middle(days[..count]);
        }

        return usual;
    }

    private static double[] RunningMedian(double[] values)
    {
        var smooth = new double[values.Length];
        Span<double> near = stackalloc double[2 * Half + 1];
        for (var t = 0; t < values.Length; t++)
        {
            var count = 0;
            for (var k = Math.Max(0, t - Half); k <= Math.Min(values.Length - 1, t + Half); k++)
            {
                if (!double.IsNaN(values[k]))
                    near[count++] = values[k];
            }

            smooth[t] = Middle(near[..count]);
        }

        return smooth;
    }

    private static double Middle(Span<double> values)
    {
        if (values.IsEmpty)
            return double.NaN;

        values.Sort();
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : values[middle - 1] / 2 + values[middle] / 2;
    }

    /// <summary>Minutes by which the zone's clock is ahead of UTC. Zones change on the quarter of an hour.</summary>
    private static int[] Offsets(long first, int length, TimeZoneInfo zone)
    {
        const int Quarter = 15;
        var offsets = new int[length];
        if (zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime)
            return offsets;

        var quarter = long.MinValue;
        var current = 0;
        for (var t = 0; t < length; t++)
        {
            var minute = first + t - 1;
            var now = (long)Math.Floor(minute / (double)Quarter);
            if (now != quarter)
            {
                quarter = now;
                current = (int)zone.GetUtcOffset(DateTimeOffset.UnixEpoch.AddMinutes(minute)).TotalMinutes;
            }

            offsets[t] = current;
        }

        return offsets;
    }
}
