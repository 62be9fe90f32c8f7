namespace UpgradeWatch.Analysis.Where;

/// <summary>Which bound of a histogram tells a slower version best.</summary>
public static class ExceededBound
{
    /// <summary>
    /// The finite bound above which the share of requests has grown most beyond chance (the largest z of two shares);
    /// null where there is no growth at any.
    /// </summary>
    /// <param name="bounds">Upper bounds, ascending, the last one infinite.</param>
    /// <param name="before">Requests at or below each bound before.</param>
    /// <param name="since">Requests at or below each bound since.</param>
    public static double? Find(IReadOnlyList<double> bounds, IReadOnlyList<double> before, IReadOnlyList<double> since)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(since);
        double? found = null;
        var largest = 0.0;
        for (var i = 0; i < bounds.Count - 1; i++)
        {
            var z = Distance(before[^1] - before[i], before[^1], since[^1] - since[i], since[^1]);
            if (z > largest) (largest, found) = (z, bounds[i]);
        }

        return found;
    }

    private static double Distance(double above, double all, double aboveSince, double allSince)
    {
        if (!(all > 0 && allSince > 0))
            return 0;

        var pooled = (above + aboveSince) / (all + allSince);
        var deviation = Math.Sqrt(pooled * (1 - pooled) * (1 / all + 1 / allSince));
        return deviation > 0 ? (aboveSince / allSince - above / all) / deviation : 0;
    }
}
