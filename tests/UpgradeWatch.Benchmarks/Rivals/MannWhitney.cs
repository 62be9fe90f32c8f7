using UpgradeWatch.Analysis.Numerics;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Benchmarks.Rivals;

/// <summary>
/// The Mann-Whitney test of the values of all steps so far against those of the baseline (normal approximation with
/// ties, one-sided at 1 %), looked at every 2 min.
/// </summary>
internal static class MannWhitney
{
    private const double Level = 0.01;
    private const int Every = 8;

    /// <summary>How many steps it takes to alarm; null for never.</summary>
    public static int? FirstAlarm(StepSample[] before, StepSample[] after, Func<StepSample, double> value)
    {
        double[] baseline = [.. before.Select(value).Where(double.IsFinite)];
        for (var steps = Every; steps <= after.Length; steps += Every)
        {
            double[] observed = [.. after.Take(steps).Select(value).Where(double.IsFinite)];
            if (ChanceOfMore(baseline, observed) < Level)
                return steps;
        }

        return null;
    }

    /// <summary>The probability of ranks at least this high without a difference.</summary>
    public static double ChanceOfMore(double[] before, double[] after)
    {
        double[] values = [.. before, .. after];
        int[] side = [.. before.Select(_ => 0), .. after.Select(_ => 1)];
        Array.Sort(values, side);
        var (ranks, ties) = (0.0, 0.0);
        for (int from = 0, to; from < values.Length; from = to)
        {
            to = from + 1;
            while (to < values.Length && values[to] == values[from])
                to++;
            double tied = to - from;
            ties += tied * tied * tied - tied;
            ranks += side[from..to].Sum() * (from + to + 1) / 2.0;
        }

        double n = before.Length, m = after.Length, all = n + m;
        var excess = ranks - m * (m + 1) / 2 - n * m / 2;
        var variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
        return variance > 0 ? 1 - Gamma.Normal((excess - 0.5) / Math.Sqrt(variance)) : 1;
    }
}
