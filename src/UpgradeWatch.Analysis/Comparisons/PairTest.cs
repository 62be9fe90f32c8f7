using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Numerics;

namespace UpgradeWatch.Analysis.Comparisons;

/// <summary>
/// A sequential test of "the rate on the new side is worse than a tolerated multiple of the rate on the old side at the
/// same time". Given how many events there were in a step on both sides together, those of the new side are binomial:
/// what moves both alike cancels. In every step it bets on each alternative; the product of the bets is an e-value that
/// may be looked at after every step, and so is their mean over alternatives. Dividing the logarithm by the dispersion
/// keeps it one by Jensen's inequality, and accounts for sides that vary more than by chance against each other. What counts is the evidence without its loudest minute: one hiccup of one
/// side, however clear, is no reason to roll back.
/// See Turner, Ly and Grünwald, "Generic e-variables for exact sequential k-sample tests" (2024).
/// </summary>
internal sealed class PairTest
{
    private const double HiccupSeconds = 60;

    private readonly double _dispersion;
    private readonly double[] _factors;
    private readonly double[] _logFactors;
    private readonly double[] _sums;
    private readonly double[][] _stretch;
    private readonly double[] _lately;
    private readonly double[] _loudest;
    private readonly int _typical;
    private long _steps;
    private double _rise;

    /// <param name="factors">The alternatives: how many times worse than tolerated; all above 1 (upwards) or all below 1 (downwards).</param>
    /// <param name="dispersion">Variance of the split over that of independent events, at least 1.</param>
    /// <param name="stepSeconds">Length of a step in seconds.</param>
    public PairTest(double[] factors, double dispersion, double stepSeconds)
    {
        _dispersion = dispersion;
        _factors = factors;
        _logFactors = Array.ConvertAll(factors, Math.Log);
        _sums = new double[factors.Length];
        _stretch = new double[(int)Math.Max(1, Math.Ceiling(HiccupSeconds / stepSeconds))][];
        _lately = new double[factors.Length];
        _loudest = new double[factors.Length];
        _typical = factors.Length / 3;
    }

    /// <summary>ln E of all steps so far but those of the loudest minute.</summary>
    public double LogEvidence => CountTest.LogMean([.. _sums.Zip(_loudest, (sum, loudest) => sum - loudest)]);

    /// <summary>The step at which the present rise of the evidence began; null while there is none. For words only.</summary>
    public long? Onset { get; private set; }

    /// <summary>Bets on a step.</summary>
    /// <param name="step">Its index.</param>
    /// <param name="counts">What it holds.</param>
    /// <param name="tolerated">The ratio of the rates that is tolerated, above 0; may depend on earlier steps, not on this one.</param>
    public void Add(long step, in PairCounts counts, double tolerated)
    {
        if (!counts.IsUsable)
            return;

        var share = counts.Share(tolerated);
        var slot = _steps++ % _stretch.Length;
        var bets = _stretch[slot] ??= new double[_factors.Length];
        for (var i = 0; i < bets.Length; i++)
        {
            var bet = (counts.New * _logFactors[i] - counts.All * Log1P((_factors[i] - 1) * share)) / _dispersion;
            _sums[i] += bet;
            _lately[i] += bet - bets[i];
            _loudest[i] = Math.Max(_loudest[i], _lately[i]);
            bets[i] = bet;
        }

        // The start of the last rise of a cumulative sum (Page 1954).
        _rise = Math.Max(0, _rise + bets[_typical]);
        Onset = _rise > 0 ? Onset ?? step : null;
    }

    /// <summary>The probability of so many events (or so few, downwards) on the new side at the tolerated ratio. For one look only.</summary>
    public double Chance(in PairCounts counts, double tolerated)
    {
        if (!counts.IsUsable || counts.All <= 0)
            return 1;

        var share = counts.Share(tolerated);
        return _factors[0] > 1
            ? counts.New <= 0 ? 1 : Gamma.RegularizedBeta(share, counts.New, counts.Old + 1)
            : counts.Old <= 0 ? 1 : Gamma.RegularizedBeta(1 - share, counts.Old, counts.New + 1);
    }

    private static double Log1P(double x)
    {
        var sum = 1 + x;

        // Kahan's correction: exact where 1 + x has lost the low digits of x.
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
