using UpgradeWatch.Analysis.Histories;

namespace UpgradeWatch.Analysis.Counts;

/// <summary>How much more counts vary than independent events would.</summary>
internal static class Dispersion
{
    private const int FewestBlocks = 8;
    private const int ManyBlocks = 30;
    private const double FewestExpected = 5;

    /// <summary>Normal quantile of the one-sided 90 % confidence bound.</summary>
    private const double BoundQuantile = 1.2816;

    private static readonly int[] BlockLengths = [1, 4, 20, 40];

    /// <summary>
    /// The largest Pearson dispersion over blocks of 1, 4, 20 and 40 steps, at least 1; over those lengths with at
    /// least 8 blocks in which at least 5 events were expected. Longer blocks see what drifts slowly.
    /// </summary>
    /// <param name="events">Events for each step.</param>
    /// <param name="exposures">What they are events of, for each step (1 for time).</param>
    /// <param name="history">The same from before the baseline window; null for none.</param>
    public static double Estimate(ReadOnlySpan<double> events, ReadOnlySpan<double> exposures, EventSeries? history = null)
    {
        var rate = Sum(events) / Sum(exposures);
        var largest = 1.0;
        if (!(rate > 0))
            return largest;

        foreach (var length in BlockLengths)
            largest = Math.Max(largest, Pearson(events, exposures, rate, length));
        return largest;
    }

    private static double Pearson(ReadOnlySpan<double> events, ReadOnlySpan<double> exposures, double rate, int length)
    {
        var blocks = 0;
        var sum = 0.0;
        for (var start = 0; start + length <= events.Length; start += length)
        {
            var expected = rate * Sum(exposures.Slice(start, length));
            if (expected < FewestExpected)
                continue;

            var off = Sum(events.Slice(start, length)) - expected;
            sum += off * off / expected;
            blocks++;
        }

        if (blocks < FewestBlocks)
            return 1;

        var estimate = sum / (blocks - 1);
        return blocks < ManyBlocks ? estimate : estimate * UpperFactor(blocks - 1);
    }

    /// <summary>Degrees of freedom over their lower chi-square quantile, by Wilson and Hilferty's approximation.</summary>
    private static double UpperFactor(int freedom)
    {
        var third = 2.0 / (9 * freedom);
        var root = 1 - third - BoundQuantile * Math.Sqrt(third);
        return 1 / (root * root * root);
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
