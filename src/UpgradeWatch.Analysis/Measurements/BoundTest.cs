using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Histograms;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>The count test of requests above one bound of a histogram.</summary>
internal sealed class BoundTest
{
    /// <summary>
    /// Of fewer requests above a bound than this the share is known only roughly: what is interpolated there is the
    /// smoothing, and no small excess could ever be seen.
    /// </summary>
    private const double Rare = 5;

    private readonly CountTest _test;
    private readonly CountTest _counting;

    private BoundTest(int index, CountTest test, CountTest counting, Onset onset)
    {
        Index = index;
        _test = test;
        _counting = counting;
        Onset = onset;
    }

    /// <summary>Index of the bound.</summary>
    public int Index { get; }

    public Onset Onset { get; }

    /// <summary>
    /// The tests of the bounds that can tell anything: not those that nearly all requests are above already, and of
    /// those that none was above before only the lowest, because whatever is above the others is above it too.
    /// Fewer tests leave more evidence to each.
    /// </summary>
    /// <param name="bounds">Upper bounds, the last one infinite.</param>
    /// <param name="steps">Cumulative counts of the baseline's steps.</param>
    /// <param name="sums">Their sums.</param>
    /// <param name="tolerance">Relative tolerance of the latency.</param>
    public static BoundTest[] For(IReadOnlyList<double> bounds, List<double[]> steps, double[] sums, double tolerance)
    {
        var total = sums[^1];
        var above = new double[bounds.Count - 1];
        for (var i = 0; i < above.Length; i++)
            above[i] = (Math.Max(0, total - sums[i]) + 0.5) / (total + 1);

        var tests = new List<BoundTest>();
        for (var i = 0; i < above.Length; i++)
        {
            var isRare = total - sums[i] < Rare;
            var growth = isRare ? 1 + tolerance : Survival.Growth(bounds, above, i, 1 + tolerance);
            if (above[i] * growth * Alternatives.Slower[0] < 1)
                tests.Add(Make(i, growth, steps, total - sums[i], total));
            if (total - sums[i] <= 0)
                break;
        }

        return [.. tests];
    }

    /// <summary>ln E for the requests since the upgrade.</summary>
    public double LogEvidence(double[] cumulative) => _test.LogEvidence(Above(cumulative), cumulative[^1]);

    /// <summary>Probability of so many requests above the bound at the tolerated share, by counting noise alone.</summary>
    public double Chance(double[] cumulative) => _counting.Chance(Above(cumulative), cumulative[^1]);

    /// <summary>Tells the onset about a step.</summary>
    public void Follow(long step, double[] cumulative) => Onset.Add(step, Above(cumulative), cumulative[^1]);

    private static BoundTest Make(int index, double growth, List<double[]> steps, double above, double total)
    {
        var events = new double[steps.Count];
        var exposures = new double[steps.Count];
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = Math.Max(0, steps[i][^1] - steps[i][index]);
            exposures[i] = steps[i][^1];
        }

        var before = Math.Max(0, above);
        var factors = before < Rare ? Alternatives.Stragglers : Alternatives.Slower;
        return new BoundTest(
            index,
            new CountTest(before, total, Dispersion.Estimate(events, exposures), growth, factors),
            new CountTest(before, total, 1, growth, factors),
            new Onset(growth * (before + 1) / total, 1.5));
    }

    private double Above(double[] cumulative) => Math.Max(0, cumulative[^1] - cumulative[Index]);
}
