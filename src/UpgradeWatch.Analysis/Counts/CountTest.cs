using UpgradeWatch.Analysis.Numerics;

namespace UpgradeWatch.Analysis.Counts;

/// <summary>
/// A sequential test of "the rate of events is worse than a tolerated multiple of the rate before". Evidence is a
/// betting process (an e-value) that may be looked at after every step: under no change it reaches 1/alpha with
/// probability at most alpha. The rate before is not taken as known: the test averages over its
/// Gamma(x0 + 1, n0) posterior. Nor is the dispersion: what the baseline leaves open of it is averaged over, and each
/// value counts the more the better it explains what is seen without any change.
/// See Grünwald, de Heide and Koolen, "Safe Testing" (2024), and Ville's inequality; with a least dispersion that follows
/// what is seen it is no theorem any more, and simulation holds the level.
/// </summary>
internal sealed class CountTest
{
    /// <summary>
    /// What comes after the upgrade may show that counts vary more than the baseline leaves open, but not how much more it
    /// likes: a new version that fails in bursts varies more, too.
    /// </summary>
    private const double MostUnseen = 3;

    private readonly double _before;
    private readonly double _exposure;
    private readonly Overdispersion _dispersion;
    private readonly double _tolerated;
    private readonly double[] _factors;
    private readonly double[] _logFactors;

    /// <param name="before">Events before, at least 0.</param>
    /// <param name="exposure">What they are events of before (requests, or steps), at least 0.</param>
    /// <param name="dispersion">Variance over what independent events would have; all counts are divided by it.</param>
    /// <param name="tolerated">The ratio of the rates that still is tolerated, above 0.</param>
    /// <param name="factors">The alternatives: how many times worse than tolerated. All above 1 (upwards) or all below 1 (downwards).</param>
    public CountTest(double before, double exposure, Overdispersion dispersion, double tolerated, double[] factors)
    {
        _before = before;
        _exposure = exposure;
        _dispersion = dispersion;
        _tolerated = tolerated;
        _factors = factors;
        _logFactors = Array.ConvertAll(factors, Math.Log);
    }

    /// <summary>ln E after <paramref name="events"/> in <paramref name="exposure"/>, all since the upgrade.</summary>
    /// <param name="events">Events since the upgrade.</param>
    /// <param name="exposure">What they are events of.</param>
    /// <param name="leastDispersion">What is known by now of the dispersion, at least 1: no less is considered, up to three times the most that was.</param>
    public double LogEvidence(double events, double exposure, double leastDispersion = 1)
    {
        if (exposure <= 0)
            return 0;

        var reach = _tolerated * exposure;
        Span<double> growths = stackalloc double[_factors.Length];
        for (var i = 0; i < growths.Length; i++)
        {
            // ln((n0 + rho k N) / (n0 + rho N)) as log1p, so that huge counts do not cancel.
            growths[i] = Log1P((_factors[i] - 1) * reach / (_exposure + reach));
        }

        var deviance = Deviance(events, reach);
        var dispersions = _dispersion.Factors;
        leastDispersion = Math.Min(leastDispersion, MostUnseen * dispersions[^1]);
        Span<double> terms = stackalloc double[growths.Length];
        Span<double> with = stackalloc double[dispersions.Length];
        Span<double> without = stackalloc double[dispersions.Length];
        for (var j = 0; j < dispersions.Length; j++)
        {
            var dispersion = Math.Max(dispersions[j], leastDispersion);
            var (x, before) = (events / dispersion, _before / dispersion);
            for (var i = 0; i < terms.Length; i++)
                terms[i] = x * _logFactors[i] - (before + 1 + x) * growths[i];

            // The chance of what is seen at the tolerated rate, by the saddle point: a normal density of the deviance.
            without[j] = _dispersion.LogWeights[j] - deviance / dispersion - Math.Log(dispersion) / 2;
            with[j] = without[j] + LogMean(terms);
        }

        return LogMean(with) - LogMean(without);
    }

    /// <summary>
    /// The probability of seeing at least (upwards) or at most (downwards) so many events at the tolerated rate:
    /// the tail of the posterior predictive, a negative binomial, for independent events. For one look only.
    /// </summary>
    public double Chance(double events, double exposure)
    {
        if (exposure <= 0)
            return 1;

        var reach = _tolerated * exposure;
        var share = reach / (_exposure + reach);
        if (_factors[0] > 1)
            return events <= 0 ? 1 : Gamma.RegularizedBeta(share, events, _before + 1);
        return Gamma.RegularizedBeta(1 - share, _before + 1, events + 1);
    }

    /// <summary>ln of the mean of exponentials, without overflow.</summary>
    public static double LogMean(ReadOnlySpan<double> logs)
    {
        var largest = double.NegativeInfinity;
        foreach (var log in logs)
            largest = Math.Max(largest, log);
        if (double.IsInfinity(largest))
            return largest;

        var sum = 0.0;
        foreach (var log in logs)
            sum += Math.Exp(log - largest);
        return largest + Math.Log(sum / logs.Length);
    }

    /// <summary>
    /// Half the deviance of "both rates are as tolerated" (of two Poisson counts); 0 where what is seen is better than that.
    /// </summary>
    private double Deviance(double events, double reach)
    {
        var share = reach / (_exposure + reach);
        var total = events + _before;
        var isWorse = _factors[0] > 1 ? events > share * total : events < share * total;
        if (!isWorse)
            return 0;

        var deviance = Part(events, share * total) + Part(_before, (1 - share) * total);
        return Math.Max(0, deviance);

        static double Part(double count, double expected) => count <= 0 || expected <= 0 ? 0 : count * Log1P((count - expected) / expected);
    }

    private static double Log1P(double x)
    {
        var sum = 1 + x;

        // Kahan's correction: exact where 1 + x has lost the low digits of x.
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
