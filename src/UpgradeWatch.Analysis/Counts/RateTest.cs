using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Counts;

/// <summary>
/// The count test of a rate in one direction, fed step by step: the evidence since the upgrade that does not rest
/// on a single step (one bad step is a hiccup, however bad), and whether what it found is still there.
/// </summary>
internal sealed class RateTest
{
    /// <summary>Fewer events than this are hardly any.</summary>
    public const double Rare = 5;

    /// <summary>ln of an e-value that is as good as 0.</summary>
    private const double NoEvidence = -700;

    private const double RecentLevel = 0.003;
    private const double NewestLevel = 0.05;

    private readonly CountTest _test;
    private readonly CountTest _counting;
    private readonly RecentSteps _recent;
    private readonly RecentSteps _newest;
    private readonly WorstStretch _worstSteps;
    private readonly Onset _onset;
    private readonly double _sign;
    private readonly double _rate;
    private readonly double _least;
    private readonly double _forgiven;
    private Clumping _clumping;
    private double _events;
    private double _exposure;
    private double _mostExcess;
    private double _nextExcess;

    /// <param name="dispersion">How much more the events vary than independent ones.</param>
    /// <param name="rates">The rate before and what of it is tolerated.</param>
    /// <param name="factors">The alternatives, as multiples of what is tolerated.</param>
    /// <param name="typical">The alternative that tells since when and which steps are worst.</param>
    /// <param name="leastExposure">Exposure that a statement about the last steps needs.</param>
    public RateTest(Overdispersion dispersion, ToleratedRate rates, double[] factors, double typical, double leastExposure)
    {
        _rate = rates.Matters * (rates.Before + 1) / rates.Exposure;
        _least = rates.Matters * rates.Before / rates.Exposure;
        _sign = typical > 1 ? 1 : -1;

        // Where hardly any event was before, one more in a step than in the others is no burst.
        _forgiven = rates.Before < Rare ? 1 : 0;
        _test = new CountTest(rates.Before, rates.Exposure, dispersion, rates.Tolerated, factors);
        _counting = new CountTest(rates.Before, rates.Exposure, Overdispersion.None, rates.Matters, factors);
        _recent = new RecentSteps(RecentSteps.Steps, leastExposure);
        _newest = new RecentSteps(RecentSteps.NewestSteps, leastExposure);
        _worstSteps = new WorstStretch(_rate, typical);
        _onset = new Onset(_rate, typical);
    }

    /// <summary>The step at which the present rise began; null while there is none.</summary>
    public long? Onset => _onset.Start;

    /// <summary>ln E, the excess of the worst step counted as no more than that of the next to worst.</summary>
    public double LogEvidence => Evidence(_events - _sign * Math.Max(0, _mostExcess - _nextExcess - _forgiven), _exposure);

    /// <summary>ln E without the worst 8 steps in a row: what a burst that is over leaves none of.</summary>
    public double LastingEvidence => Evidence(_events - _worstSteps.Events, _exposure - _worstSteps.Exposure);

    /// <summary>Takes a step.</summary>
    public void Take(long step, double events, double exposure)
    {
        _events += events;
        _exposure += exposure;
        _clumping.Add(events, exposure);
        _recent.Add(events, exposure);
        _newest.Add(events, exposure);
        _worstSteps.Add(_recent.Events, _recent.Exposure);
        _onset.Add(step, events, exposure);

        var excess = _sign * (events - _rate * exposure);
        _nextExcess = Math.Max(_nextExcess, Math.Min(excess, _mostExcess));
        _mostExcess = Math.Max(_mostExcess, excess);
    }

    /// <summary>
    /// Whether the last steps by themselves are unlikely while it does not matter, or any single late error would make a
    /// failure of a hiccup long past; and the newest of them alone look it, or a warm-up that took a little longer would
    /// be one. Counting noise alone: how the rate varies by itself is left to the evidence, over a few steps it cannot
    /// be told from a change.
    /// </summary>
    /// <param name="tests">How many such tests are made of the same steps.</param>
    public bool IsLoudNow(int tests = 1) =>
        _counting.Chance(_recent.Events, _recent.Exposure) < RecentLevel / tests
        && _counting.Chance(_newest.Events, _newest.Exposure) < NewestLevel / tests;

    // Less evidence than there is keeps the level: none at all while the rate itself is not beyond what matters.
    private double Evidence(double events, double exposure) => _sign * (events - _least * exposure) > 0
        ? _test.LogEvidence(Math.Max(0, events), Math.Max(0, exposure), _clumping.Factor)
        : NoEvidence;
}

/// <summary>A rate before and what of it is tolerated.</summary>
/// <param name="Before">Events before, at least 0.</param>
/// <param name="Exposure">What they are events of, above 0.</param>
/// <param name="Tolerated">The ratio of the rates that evidence is gathered against.</param>
/// <param name="Matters">The ratio that the rate itself must be beyond, or there is no evidence.</param>
internal readonly record struct ToleratedRate(double Before, double Exposure, double Tolerated, double Matters);
