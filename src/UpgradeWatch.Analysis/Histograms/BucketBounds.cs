namespace UpgradeWatch.Analysis.Histograms;

/// <summary>Makes histograms with different bounds comparable.</summary>
public static class BucketBounds
{
    /// <summary>Bounds written as text by one exporter and as a number by another differ in the last digits.</summary>
    private const double Closeness = 1e-9;

    /// <summary>
    /// The bounds that both lists have, ascending, always ending in infinity. Only infinity left means that the two
    /// have none in common: a spec with these bounds is judged <c>inconclusive: buckets-changed</c>.
    /// </summary>
    /// <param name="first">Upper bounds, ascending.</param>
    /// <param name="second">Upper bounds, ascending.</param>
    public static IReadOnlyList<double> Common(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var common = new List<double>();
        foreach (var bound in first)
        {
            if (double.IsFinite(bound) && IndexOf(second, bound) >= 0)
                common.Add(bound);
        }

        common.Add(double.PositiveInfinity);
        return common;
    }

    /// <summary>The cumulative counts at a subset of the bounds.</summary>
    /// <param name="cumulative">Events at or below each of <paramref name="from"/>.</param>
    /// <param name="from">The bounds the counts are for, the last one infinite.</param>
    /// <param name="to">Bounds that all are in <paramref name="from"/>, as <see cref="Common"/> gives them.</param>
    /// <exception cref="ArgumentException">A bound of <paramref name="to"/> is not in <paramref name="from"/>, or the counts do not fit.</exception>
    public static double[] Project(IReadOnlyList<double> cumulative, IReadOnlyList<double> from, IReadOnlyList<double> to)
    {
        ArgumentNullException.ThrowIfNull(cumulative);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if (cumulative.Count != from.Count)
            throw new ArgumentException($"{cumulative.Count} counts do not fit {from.Count} bounds; give one count for each bound.", nameof(cumulative));

        var projected = new double[to.Count];
        for (var i = 0; i < projected.Length; i++)
        {
            var index = IndexOf(from, to[i]);
            if (index < 0)
                throw new ArgumentException($"There is no bound {to[i]} to take the counts from.", nameof(to));
            projected[i] = cumulative[index];
        }

        return projected;
    }

    private static int IndexOf(IReadOnlyList<double> bounds, double bound)
    {
        for (var i = 0; i < bounds.Count; i++)
        {
            if (bounds[i] == bound || (double.IsFinite(bound) && Math.Abs(bounds[i] - bound) <= Closeness * Math.Abs(bound)))
                return i;
        }

        return -1;
    }
}
