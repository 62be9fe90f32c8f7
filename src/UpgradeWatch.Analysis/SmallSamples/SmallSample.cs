using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Measurements;
using UpgradeWatch.Analysis.Numerics;
using UpgradeWatch.Analysis.Sentences;

namespace UpgradeWatch.Analysis.SmallSamples;

/// <summary>
/// Judges a handful of numbers against a handful, once: how many lie outside the band of those before (Fisher's exact
/// test), and whether they spread differently (permutations). To be asked once; asked at every step it would raise
/// false alarms.
/// </summary>
internal static class SmallSample
{
    /// <summary>With so many points on both sides the local reference is used instead.</summary>
    public const int Fewest = 40;

    /// <summary>An excess more likely than this is none: one point of many outside the band says nothing.</summary>
    private const double Excess = 0.5;

    /// <summary>Median of the baseline, and 3 MADn or 25 % of it to each side, whichever is more.</summary>
    public static (double Lower, double Upper) Band(double[] before)
    {
        var median = Robust.Median(before);
        var width = Math.Max(3 * Robust.MadN(before, median), 0.25 * Math.Abs(median));
        return (median - width, median + width);
    }

    /// <summary>The conclusion; both sides must have points, none of them NaN.</summary>
    public static Conclusion Judge(SliSpec spec, double[] before, double[] after)
    {
        var band = Band(before);
        var up = spec.Direction == Direction.Down ? 1 : Share(value => value > band.Upper);
        var down = spec.Direction == Direction.Up ? 1 : Share(value => value < band.Lower);
        var p = spec.Direction == Direction.Both ? Math.Min(1, 2 * Math.Min(up, down)) : Math.Min(up, down);

        var outside = up <= down
            ? after.Count(value => value > band.Upper)
            : after.Count(value => value < band.Lower);
        var side = up <= down ? $"above {Units.Format(band.Upper, spec.Unit)}" : $"below {Units.Format(band.Lower, spec.Unit)}";
        var seen = $"{outside} of {after.Length} values of {spec.Name} after the upgrade are {side}, the edge of what was usual before";

        if (p < spec.Alpha && spec.Tolerance.IsBeyond(after.Average(), Robust.Median(before), spec.Direction))
            return new Conclusion(FindingStatus.Fail, FindingCodes.Level, $"{seen}; {Chances.Words(p)}.", p);

        var spread = SpreadTest.PValue(before, after);
        if (spread < spec.Alpha)
        {
            return new Conclusion(
                FindingStatus.Warn,
                FindingCodes.Variability,
                $"{spec.Name} varies differently since the upgrade: by {Units.Format(Distance(after), spec.Unit)} around its middle, and by {Units.Format(Distance(before), spec.Unit)} before; {Chances.Words(spread)}.",
                spread);
        }

        if (p >= spec.Alpha && Math.Min(up, down) <= Excess)
        {
            return new Conclusion(
                FindingStatus.Inconclusive,
                FindingCodes.TooLittleData,
                $"{seen}; {before.Length} values before and {after.Length} after are too few to tell that from chance.",
                p);
        }

        return new Conclusion(FindingStatus.Pass, FindingCodes.None, "", p);

        double Share(Predicate<double> isOutside) => FisherExact.AtLeast(
            after.Count(value => isOutside(value)),
            after.Length,
            before.Count(value => isOutside(value)),
            before.Length);
    }

    private static double Distance(double[] values)
    {
        var median = Robust.Median(values);
        return values.Average(value => Math.Abs(value - median));
    }
}
