using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Histograms;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>The count test of requests above one bound of a histogram.</summary>
internal sealed class BoundTest
{
    /// <summary>
    /// Of fewer requests above a bound than this the share is known only roughly: what is interpolated there is the
    /// smoothing, and no small excess could ever be seen.
    /// </summary>
    private const double Rare = RateTest.Rare;

    private readonly IReadOnlyList<double> _bounds;
    private readonly double[] _above;
    private readonly double _tolerated;
    private readonly bool _isRare;

    private BoundTest(int index, IReadOnlyList<double> bounds, double[] above, double tolerated, bool isRare, RateTest test)
    {
        Index = index;
        _bounds = bounds;
        _above = above;
        _tolerated = tolerated;
        _isRare = isRare;
        Test = test;
    }

    /// <summary>Index of the bound.</summary>
    public int Index { get; }

    public RateTest Test { get; }

    /// <summary>
    /// Weight among the bounds. A slow tail shows only where hardly anything was before, while all others share what
    /// moves the whole distribution: so the tail is bet on more.
    /// </summary>
    public double Weight => _isRare ? 2 : 1;

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
            // Beyond chance is told against a quarter of what is tolerated; how much it matters, by the share itself.
            var little = isRare ? 1 + tolerance : Survival.Growth(bounds, above, i, 1 + tolerance / 4);
            if (above[i] * growth * Alternatives.Slower[0] < 1)
                tests.Add(new BoundTest(i, bounds, above, 1 + tolerance, isRare, Make(i, new ToleratedRate(Math.Max(0, total - sums[i]), total, little, growth), steps)));
            if (total - sums[i] <= 0)
                break;
        }

        return [.. tests];
    }

    /// <summary>Takes the counts of a step.</summary>
    /// <param name="step">Its index.</param>
    /// <param name="cumulative">The counts at or below each bound.</param>
    /// <param name="growth">How many times longer requests are expected to take than in the baseline.</param>
    public void Take(long step, double[] cumulative, double growth) =>
        Test.Take(step, Math.Max(0, cumulative[^1] - cumulative[Index]), cumulative[^1] * Share(growth));

    /// <summary>How many times more requests are expected above the bound because all are expected to take longer.</summary>
    private double Share(double growth)
    {
        // Where hardly any was before, nobody knows how fast they grow fewer: there it is only ever expected to be more.
        if (growth == 1 || (_isRare && growth < 1))
            return 1;
        return Survival.Ratio(_bounds, _above, Index, _tolerated * growth) / Survival.Ratio(_bounds, _above, Index, _tolerated);
    }

    private static RateTest Make(int index, ToleratedRate rates, List<double[]> steps)
    {
        var events = new double[steps.Count];
        var exposures = new double[steps.Count];
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = Math.Max(0, steps[i][^1] - steps[i][index]);
            exposures[i] = steps[i][^1];
        }

        var factors = rates.Before < Rare ? Alternatives.Stragglers : Alternatives.Slower;
        return new RateTest(Dispersion.Estimate(events, exposures, NoisePrior.Latencies), rates, factors, 1.5, RecentSteps.Requests);
    }
}
