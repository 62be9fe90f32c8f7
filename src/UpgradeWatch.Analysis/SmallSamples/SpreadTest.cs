using UpgradeWatch.Analysis.Numerics;

namespace UpgradeWatch.Analysis.SmallSamples;

/// <summary>Whether the spread changed, whatever the level did.</summary>
internal static class SpreadTest
{
    /// <summary>Points each side must have.</summary>
    public const int Fewest = 10;

    private const int Shuffles = 9_999;

    /// <summary>One seed, so that the same numbers give the same answer everywhere.</summary>
    private const int Seed = 20231;

    /// <summary>
    /// Two-sided permutation test of the mean distance from the own median: the share of 9,999 seeded shuffles (and the
    /// data themselves) in which the two means differ by at least as much. 1 when a side has fewer than 10 points.
    /// </summary>
    public static double PValue(double[] before, double[] after)
    {
        if (before.Length < Fewest || after.Length < Fewest)
            return 1;

        double[] distances = [.. Distances(before), .. Distances(after)];
        var total = distances.Sum();
        var seen = Difference(distances, before.Length, total);
        if (!(seen > 0))
            return 1;

        // Sums in another order differ in the last digits; equal must count as equal.
        var enough = seen * (1 - 1e-12);
        var random = new Random(Seed);
        var atLeast = 1;
        for (var i = 0; i < Shuffles; i++)
        {
            random.Shuffle(distances);
            if (Difference(distances, before.Length, total) >= enough)
                atLeast++;
        }

        return atLeast / (Shuffles + 1.0);
    }

    private static double[] Distances(double[] values)
    {
        var median = Robust.Median(values);
        return Array.ConvertAll(values, value => Math.Abs(value - median));
    }

    private static double Difference(double[] distances, int first, double total)
    {
        var sum = 0.0;
        for (var i = 0; i < first; i++)
            sum += distances[i];
        return Math.Abs(sum / first - (total - sum) / (distances.Length - first));
    }
}
