using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Measurements;
using UpgradeWatch.Analysis.Numerics;
using UpgradeWatch.Analysis.Sentences;
using UpgradeWatch.Analysis.SmallSamples;

namespace UpgradeWatch.Analysis.Comparisons;

/// <summary>
/// One number per step on two sides, judged once, when the window closes: how many of the differences lie outside what
/// was usual between old instances (Fisher's exact test). Neighbouring differences that are alike count as one. Without
/// enough differences from before, the two sides are compared by the rules for small samples.
/// </summary>
internal sealed class GaugePairs : PairMeasurement
{
    private const int FewestPoints = 4;
    private readonly SliSpec _spec;
    private readonly double[] _reference;
    private readonly List<double> _old = [];
    private readonly List<double> _new = [];

    public GaugePairs(SliSpec spec, IReadOnlyList<PairedStep> reference)
    {
        _spec = spec;
        _reference = [.. reference.Where(step => IsSample(step)).Select(step => step.New.Value - step.Old.Value)];
    }

    public override bool IsSample(in PairedStep step) => double.IsFinite(step.Old.Value) && double.IsFinite(step.New.Value);

    public override void Take(in PairedStep step)
    {
        _old.Add(step.Old.Value);
        _new.Add(step.New.Value);
    }

    public override Conclusion? JudgeOnce(Stage stage)
    {
        if (stage != Stage.Closed)
            return new Conclusion(FindingStatus.Pending, FindingCodes.None, "It is compared once, when the window closes.");
        return _reference.Length < SmallSample.Fewest ? SmallSample.Judge(_spec, [.. _old], [.. _new]) : JudgeDifferences();
    }

    public override Picture Draw()
    {
        var (old, now) = (Robust.Median([.. _old]), Robust.Median([.. _new]));
        var (lower, upper) = _reference.Length < SmallSample.Fewest ? (old, old) : (old + Band.Lower, old + Band.Upper);
        return new Picture(_spec.Name, old, lower, upper, now, old == 0 ? Change.Unknown : new Change(now / old, double.NaN, double.NaN));
    }

    /// <summary>The differences that are usual, and those that the tolerance allows.</summary>
    private (double Lower, double Upper) Band
    {
        get
        {
            var middle = Robust.Median(_reference);
            var width = Math.Max(3 * Robust.MadN(_reference, middle), _spec.Tolerance.Width(Robust.Median([.. _old])));
            return (middle - width, middle + width);
        }
    }

    private Conclusion JudgeDifferences()
    {
        double[] differences = [.. _new.Zip(_old, (now, old) => now - old)];
        var every = Math.Max(Memory(_reference), Memory(differences));
        var (before, after, band) = (Thin(_reference, every), Thin(differences, every), Band);
        if (after.Length < FewestPoints)
            return new Conclusion(FindingStatus.Inconclusive, FindingCodes.TooLittleData, $"{_spec.Name} has only {after.Length} independent differences between the new instances and the old ones.");

        var up = _spec.Direction == Direction.Down ? 1 : Share(difference => difference > band.Upper);
        var down = _spec.Direction == Direction.Up ? 1 : Share(difference => difference < band.Lower);
        var p = Math.Min(1, (_spec.Direction == Direction.Both ? 2 : 1) * Math.Min(up, down));
        var middle = Robust.Median(after);
        return p < _spec.Alpha && (middle > band.Upper || middle < band.Lower)
            ? new Conclusion(FindingStatus.Fail, FindingCodes.Level, $"{_spec.Name} differs by {Units.Format(middle, _spec.Unit)} between the new instances and the old ones at the same time, where {Units.Format(band.Lower, _spec.Unit)} to {Units.Format(band.Upper, _spec.Unit)} is usual; {Chances.Words(p)}.", p)
            : new Conclusion(FindingStatus.Pass, FindingCodes.None, "", p);

        double Share(Predicate<double> isOutside) => FisherExact.AtLeast(
            after.Count(value => isOutside(value)), after.Length, before.Count(value => isOutside(value)), before.Length);
    }

    private static double[] Thin(double[] values, int every) => [.. values.Where((_, i) => i % every == 0)];

    /// <summary>After how many steps a difference has forgotten itself: 1 plus twice the autocorrelations up to the first that is none.</summary>
    private static int Memory(double[] values)
    {
        if (values.Length < FewestPoints)
            return 1;

        var mean = values.Average();
        var variance = values.Average(value => (value - mean) * (value - mean));
        var memory = 1.0;
        for (var lag = 1; lag < values.Length / 2 && variance > 0; lag++)
        {
            var covariance = 0.0;
            for (var i = lag; i < values.Length; i++)
                covariance += (values[i] - mean) * (values[i - lag] - mean);
            var correlation = covariance / values.Length / variance;
            if (correlation < 0.05)
                break;
            memory += 2 * correlation;
        }

        return (int)Math.Ceiling(memory);
    }
}
