using UpgradeWatch.Analysis.Numerics;

namespace UpgradeWatch.Analysis.SmallSamples;

/// <summary>Fisher's exact test of a 2 x 2 table (Fisher 1935, The Design of Experiments).</summary>
internal static class FisherExact
{
    /// <summary>
    /// The probability of at least <paramref name="hits"/> hits in the first group with the margins fixed, when both
    /// groups are alike.
    /// </summary>
    /// <param name="hits">Hits in the first group, 0 to <paramref name="size"/>.</param>
    /// <param name="size">Size of the first group.</param>
    /// <param name="otherHits">Hits in the second group, 0 to <paramref name="otherSize"/>.</param>
    /// <param name="otherSize">Size of the second group.</param>
    public static double AtLeast(int hits, int size, int otherHits, int otherSize)
    {
        var all = hits + otherHits;
        var most = Math.Min(all, size);
        var ways = LogChoose(size + otherSize, all);
        var p = 0.0;
        for (var k = hits; k <= most; k++)
        {
            if (all - k <= otherSize)
                p += Math.Exp(LogChoose(size, k) + LogChoose(otherSize, all - k) - ways);
        }

        return Math.Min(1, p);
    }

    private static double LogChoose(int n, int k) => Gamma.Log(n + 1) - Gamma.Log(k + 1) - Gamma.Log(n - k + 1);
}
