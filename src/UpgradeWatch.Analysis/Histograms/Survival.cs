namespace UpgradeWatch.Analysis.Histograms;

/// <summary>The share of requests above a value, from a histogram's shares above its bounds.</summary>
internal static class Survival
{
    /// <summary>
    /// How many times more requests would be above <c>bounds[index]</c> if all took <paramref name="factor"/> times as long:
    /// S(b / factor) / S(b), S interpolated log-log between bounds (latency tails are near straight lines there), and
    /// linearly below the first bound. Clipped to [1.02, 30].
    /// </summary>
    public static double Growth(IReadOnlyList<double> bounds, double[] above, int index, double factor)
    {
        var here = above[index];
        var value = bounds[index] / factor;
        return Math.Clamp(At(bounds, above, value, index) / here, 1.02, 30);
    }

    private static double At(IReadOnlyList<double> bounds, double[] above, double value, int index)
    {
        var upper = index;
        while (upper > 0 && bounds[upper - 1] > value)
            upper--;
        if (upper == 0)
            return bounds[0] > 0 ? 1 - (1 - above[0]) * value / bounds[0] : above[0];

        var (low, high) = (bounds[upper - 1], bounds[upper]);
        if (low <= 0)
            return above[upper - 1] + (above[upper] - above[upper - 1]) * (value - low) / (high - low);

        var slope = Math.Log(above[upper] / above[upper - 1]) / Math.Log(high / low);
        return above[upper - 1] * Math.Pow(value / low, slope);
    }
}
