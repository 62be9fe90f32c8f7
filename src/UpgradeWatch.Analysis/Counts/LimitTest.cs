namespace UpgradeWatch.Analysis.Counts;

/// <summary>
/// A one-sided sequential test of "more than a limit's share of the requests is bad", for when there is no baseline:
/// the mean over k of k^X exp(-(k - 1) limit N), an e-value for every share up to the limit.
/// </summary>
internal static class LimitTest
{
    /// <summary>The limit where none is configured.</summary>
    public const double DefaultLimit = 0.01;

    /// <summary>ln E after <paramref name="bad"/> of <paramref name="all"/> requests.</summary>
    public static double LogEvidence(double bad, double all, double limit)
    {
        var factors = Alternatives.More;
        Span<double> terms = stackalloc double[factors.Length];
        for (var i = 0; i < terms.Length; i++)
            terms[i] = bad * Math.Log(factors[i]) - (factors[i] - 1) * limit * all;
        return CountTest.LogMean(terms);
    }
}
