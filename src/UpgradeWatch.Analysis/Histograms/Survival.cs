using UpgradeWatch.Analysis.Numerics;

namespace UpgradeWatch.Analysis.Histograms;

/// <summary>The share of requests above a value, from a histogram's shares above its bounds.</summary>
internal static class Survival
{
    /// <summary>For smaller shares the normal distribution function has too few digits to go back from.</summary>
    private const double SmallestNormal = 1e-5;

    /// <summary>
    /// How many times more requests would be above <c>bounds[index]</c> if all took <paramref name="factor"/> times as long:
    /// S(b / factor) / S(b), S interpolated between bounds as for a power law and as for log-normal latencies, whichever
    /// is larger: in a wide bucket either can be far too flat. Below the first bound it is linear. Clipped to [1.02, 30].
    /// </summary>
    public static double Growth(IReadOnlyList<double> bounds, double[] above, int index, double factor) =>
        Math.Max(1.02, Ratio(bounds, above, index, factor));

    /// <summary>The same for any factor above 0, also below 1: clipped to [1/30, 30] alone.</summary>
    public static double Ratio(IReadOnlyList<double> bounds, double[] above, int index, double factor) =>
        Math.Clamp(At(bounds, above, bounds[index] / factor) / above[index], 1 / 30.0, 30);

    private static double At(IReadOnlyList<double> bounds, double[] above, double value)
    {
        // Above the last finite bound nothing is known but that the share falls: the last slope goes on.
        var upper = above.Length - 1;
        while (upper > 0 && bounds[upper - 1] > value)
            upper--;
        if (upper == 0)
            return bounds[0] > 0 ? 1 - (1 - above[0]) * value / bounds[0] : above[0];

        var (low, high) = (bounds[upper - 1], bounds[upper]);
        if (low <= 0)
            return above[upper - 1] + (above[upper] - above[upper - 1]) * (value - low) / (high - low);

        var slope = Math.Log(above[upper] / above[upper - 1]) / Math.Log(high / low);
        var power = above[upper - 1] * Math.Pow(value / low, slope);
        if (above[upper] < SmallestNormal || above[upper - 1] > 1 - SmallestNormal)
            return power;

        var (from, to) = (Gamma.NormalQuantile(above[upper - 1]), Gamma.NormalQuantile(above[upper]));
        return Math.Max(power, Gamma.Normal(from + (to - from) * Math.Log(value / low) / Math.Log(high / low)));
    }
}
