namespace UpgradeWatch.Analysis.Histograms;

/// <summary>Quantiles of a histogram, by the same interpolation as Prometheus' <c>histogram_quantile</c>.</summary>
public static class Quantiles
{
    /// <summary>
    /// The q-quantile by linear interpolation inside its bucket; the first bucket begins at 0 when its bound is
    /// positive. In the last, infinite bucket the answer is the largest finite bound.
    /// Counts that fall from one bound to the next (scrapes that overlapped a write) are levelled first.
    /// </summary>
    /// <param name="cumulative">Events at or below each bound, in the order of the bounds.</param>
    /// <param name="bounds">Upper bounds, ascending, the last one infinite.</param>
    /// <param name="q">Between 0 and 1.</param>
    /// <returns>The quantile in the unit of the bounds; NaN when there are no events or no finite bound.</returns>
    /// <exception cref="ArgumentException">The two lists differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="q"/> is not between 0 and 1.</exception>
    public static double At(ReadOnlySpan<double> cumulative, IReadOnlyList<double> bounds, double q)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        if (cumulative.Length != bounds.Count)
            throw new ArgumentException($"{cumulative.Length} counts do not fit {bounds.Count} bounds; give one count for each bound.", nameof(cumulative));
        if (!(q is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(q), q, "A quantile is between 0 and 1.");
        if (bounds.Count < 2 || !(cumulative[^1] > 0))
            return double.NaN;

        var rank = q * cumulative[^1];
        var below = 0.0;
        for (var i = 0; i < bounds.Count - 1; i++)
        {
            var upTo = Math.Max(below, cumulative[i]);
            if (upTo >= rank && upTo > 0)
            {
                var from = i > 0 ? bounds[i - 1] : Math.Min(0, bounds[0]);
                return upTo > below ? from + (bounds[i] - from) * (rank - below) / (upTo - below) : from;
            }

            below = upTo;
        }

        return bounds[^2];
    }
}
