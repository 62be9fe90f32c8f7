namespace UpgradeWatch.Analysis.Comparisons;

/// <summary>How much more the split of events between two sets varies than by chance, when both are alike.</summary>
internal static class PairDispersion
{
    private const int FewestBlocks = 8;
    private const int ManyBlocks = 30;

    /// <summary>Least variance of the split that must be expected in a block for it to say anything.</summary>
    private const double LeastVariance = 2.5;

    /// <summary>Normal quantile of the one-sided 90 % confidence bound.</summary>
    private const double BoundQuantile = 1.2816;

    private static readonly int[] BlockLengths = [1, 4, 20, 40];

    /// <summary>
    /// The largest Pearson dispersion of the conditional binomial over blocks of 1, 4, 20 and 40 steps, at least 1; with
    /// an upper 90 % confidence bound where there are 30 blocks or more, which it does not blow up. One set may have more events than the other throughout: that is no dispersion.
    /// </summary>
    public static double Estimate(IReadOnlyList<PairCounts> steps)
    {
        var all = steps.Aggregate(default(PairCounts), (sum, step) => sum + step);
        if (!all.IsUsable || all.Old <= 0 || all.New <= 0)
            return 1;

        var ratio = all.NewRate / all.OldRate;
        return BlockLengths.Max(length => Pearson(steps, ratio, length));
    }

    private static double Pearson(IReadOnlyList<PairCounts> steps, double ratio, int length)
    {
        var (blocks, sum) = (0, 0.0);
        for (var start = 0; start + length <= steps.Count; start += length)
        {
            var block = default(PairCounts);
            for (var i = start; i < start + length; i++)
                block += steps[i];
            var share = block.Share(ratio);
            var variance = block.All * share * (1 - share);
            if (!(variance >= LeastVariance))
                continue;

            sum += (block.New - block.All * share) * (block.New - block.All * share) / variance;
            blocks++;
        }

        if (blocks < FewestBlocks)
            return 1;
        return Math.Max(1, sum / (blocks - 1) * (blocks < ManyBlocks ? 1 : UpperFactor(blocks - 1)));
    }

    /// <summary>Degrees of freedom over their lower chi-square quantile, by Wilson and Hilferty's approximation.</summary>
    private static double UpperFactor(int freedom)
    {
        var third = 2.0 / (9 * freedom);
        var root = 1 - third - BoundQuantile * Math.Sqrt(third);
        return 1 / (root * root * root);
    }
}
