using UpgradeWatch.Analysis.Numerics;

namespace UpgradeWatch.Analysis.Histograms;

/// <summary>
/// Quantiles of a histogram. Requests inside a bucket are taken to lie as log-normal latencies would: the straight line of
/// Prometheus' <c>histogram_quantile</c> strays from the truth by a fifth and more in a wide bucket, and by how much
/// changes with the load, which looks like a change of the latency.
/// </summary>
public static class Quantiles
{
    /// <summary>
    /// Beyond a bound at which this share of the requests or less is left, their shape is not known: a few stragglers in
    /// the next bucket must not move the quantiles of all the others. The same for few requests and for many, or a minute
    /// and an hour of one service would have two quantiles.
    /// </summary>
    private const double SmallestShare = 1e-3;

    /// <summary>
    /// The q-quantile, on the line between the bucket's two bounds on log-normal probability paper; in the first bucket,
    /// which begins at 0 when its bound is positive, on a straight line. In the last, infinite bucket the answer is the
    /// largest finite bound.
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
                return upTo > below ? from + Inside(from, bounds[i], below / cumulative[^1], upTo / cumulative[^1], q) : from;
            }

            below = upTo;
        }

        return bounds[^2];
    }

    private static double Inside(double from, double to, double below, double upTo, double q)
    {
        var line = (q - below) / (upTo - below);
        if (from <= 0)
            return (to - from) * line;

        var (low, high) = (Normal(below), Normal(upTo));
        return high > low
            ? from * (Math.Pow(to / from, Math.Clamp((Normal(q) - low) / (high - low), 0, 1)) - 1)
            : (to - from) * line;

        static double Normal(double share) => Gamma.NormalQuantile(Math.Clamp(share, SmallestShare, 1 - SmallestShare));
    }
}
