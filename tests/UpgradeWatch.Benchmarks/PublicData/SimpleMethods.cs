using UpgradeWatch.Analysis.Offline.Scoring;

namespace UpgradeWatch.Benchmarks.PublicData;

/// <summary>What others do with the same numbers. Each gives a score and says whether it flags.</summary>
internal static class SimpleMethods
{
    private const double Tolerated = 1.25;
    private const double ShiftMargin = 0.25;
    private const double RuleFactor = 2;
    private const int RuleMinutes = 5;
    private const int RuleFor = 2;

    /// <summary>
    /// As Kayenta's judge does: flagged when the confidence interval of the shift (Hodges and Lehmann's, of the Mann-Whitney
    /// test) stays clear of a quarter of its estimate. The score is that of the two-sided p-value, by the normal
    /// approximation with correction for ties.
    /// </summary>
    public static ScoredCase MannWhitney(Window window, double level, bool isAbnormal)
    {
        var p = MannWhitneyP(window.Before, window.After);
        return new ScoredCase(-Math.Log10(Math.Max(p, 1e-300)), IsShifted(window.Before, window.After, level), isAbnormal);
    }

    /// <summary>The mean after over the mean before, flagged over 25 % either way, whatever the level.</summary>
    public static ScoredCase MeanRatio(Window window, bool isAbnormal)
    {
        var score = window.After.Length == 0 ? 0 : Distance(window.After.Average(), window.Before.Average());
        return new ScoredCase(score, score > Math.Log(Tolerated), isAbnormal);
    }

    /// <summary>The alert rule "the mean over 5 minutes is over twice the baseline, or under half of it, for 2 minutes".</summary>
    public static ScoredCase AlertRule(Window window, bool isAbnormal)
    {
        var (baseline, score, held) = (window.Before.Average(), 0.0, new Queue<double>());
        for (var end = RuleMinutes; end <= window.After.Length; end++)
        {
            held.Enqueue(Distance(window.After.AsSpan(end - RuleMinutes, RuleMinutes).ToArray().Average(), baseline));
            if (held.Count > RuleFor) held.Dequeue();
            if (held.Count == RuleFor) score = Math.Max(score, held.Min());
        }

        return new ScoredCase(score, score > Math.Log(RuleFactor), isAbnormal);
    }

    /// <summary>|ln(value / baseline)|, bounded where one of them is 0 or they differ in sign.</summary>
    private static double Distance(double value, double baseline) =>
        value == baseline ? 0
        : value * baseline > 0 ? Math.Min(10, Math.Abs(Math.Log(value / baseline)))
        : 10;

    private static bool IsShifted(double[] before, double[] after, double level)
    {
        if (before.Length == 0 || after.Length == 0) return false;
        double[] shifts = [.. before.SelectMany(_ => after, (was, now) => now - was).Order()];
        double m = before.Length, n = after.Length;
        var normal = level < 0.03 ? 2.5758 : 1.9600;
        var rank = (int)Math.Clamp(Math.Round(m * n / 2 - normal * Math.Sqrt(m * n * (m + n + 1) / 12)), 0, (shifts.Length - 1) / 2);
        var margin = ShiftMargin * Math.Abs(shifts[shifts.Length / 2]);
        return shifts[rank] > margin || shifts[^(rank + 1)] < -margin;
    }

    private static double MannWhitneyP(double[] before, double[] after)
    {
        double m = before.Length, n = after.Length, all = m + n;
        if (m == 0 || n == 0) return 1;
        var (rank, ranksOfAfter, ties) = (0.0, 0.0, 0.0);
        foreach (var tied in before.Select(value => (value, IsAfter: 0)).Concat(after.Select(value => (value, IsAfter: 1))).GroupBy(entry => entry.value).OrderBy(group => group.Key))
        {
            double count = tied.Count();
            ranksOfAfter += tied.Sum(entry => entry.IsAfter) * (rank + (count + 1) / 2);
            rank += count;
            ties += count * count * count - count;
        }

        var off = Math.Abs(ranksOfAfter - n * (n + 1) / 2 - m * n / 2);
        var spread = Math.Sqrt(m * n / 12 * (all + 1 - ties / (all * (all - 1))));
        return spread > 0 ? Math.Min(1, 2 * NormalTail(Math.Max(0, off - 0.5) / spread)) : 1;
    }

    /// <summary>Upper tail of the normal distribution (Abramowitz and Stegun, 7.1.26 for small z; its asymptote for large).</summary>
    private static double NormalTail(double z)
    {
        if (z > 5) return Math.Exp(-z * z / 2) / (z * Math.Sqrt(Math.Tau)) * (1 - 1 / (z * z));
        var t = 1 / (1 + 0.3275911 * z / Math.Sqrt(2));
        var polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
        return 0.5 * polynomial * Math.Exp(-z * z / 2);
    }
}
