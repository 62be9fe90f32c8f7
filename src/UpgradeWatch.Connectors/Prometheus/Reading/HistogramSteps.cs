using System.Globalization;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Reads a histogram out of its series by <c>le</c>.</summary>
internal static class HistogramSteps
{
    /// <summary>
    /// Bounds in seconds and the cumulative counts of each. Bounds that are missing in a step that has samples are left
    /// out; a step without the last bound is a gap. Null where there is no histogram.
    /// </summary>
    /// <param name="matrix">Series by <c>le</c>; null when none were asked for.</param>
    /// <param name="unitSeconds">Seconds per unit of the bounds.</param>
    /// <param name="steps">Number of steps.</param>
    public static (double[] Bounds, double[][]? Buckets) Read(Matrix? matrix, double unitSeconds, int steps)
    {
        var buckets = new SortedDictionary<double, double[]>();
        foreach (var series in matrix?.Series ?? [])
        {
            if (BoundOf(series) is { } bound)
            {
                buckets.TryAdd(bound * unitSeconds, series.Values);
            }
        }

        if (!buckets.TryGetValue(double.PositiveInfinity, out var all))
        {
            return ([], null);
        }

        var shared = buckets.Where(bucket => IsComplete(bucket.Value, all)).ToArray();
        var counts = shared.Select(bucket => bucket.Value).ToArray();
        for (var step = 0; step < steps; step++)
        {
            Tidy(counts, step);
        }

        return ([.. shared.Select(bucket => bucket.Key)], counts);
    }

    private static double? BoundOf(GridSeries series) => series.Labels.GetValueOrDefault("le") switch
    {
        "+Inf" => double.PositiveInfinity,
        { } text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) => bound,
        _ => null,
    };

    private static bool IsComplete(double[] bucket, double[] all)
    {
        for (var step = 0; step < all.Length; step++)
        {
            if (double.IsFinite(all[step]) && !double.IsFinite(bucket[step]))
            {
                return false;
            }
        }

        return true;
    }

    // Rates round, and by that a bucket can be a hair above the next larger one.
    private static void Tidy(double[][] counts, int step)
    {
        var isGap = !double.IsFinite(counts[^1][step]);
        var largest = 0.0;
        foreach (var bucket in counts)
        {
            largest = Math.Max(largest, bucket[step]);
            bucket[step] = isGap ? double.NaN : largest;
        }
    }
}
