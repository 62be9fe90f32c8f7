namespace UpgradeWatch.Analysis.Counts;

/// <summary>
/// How much more counts vary than independent events would, as far as it is known: a few factors on the variance,
/// each with the probability that it is the true one.
/// </summary>
internal sealed class Overdispersion
{
    private const double Considered = 0.99;

    /// <summary>Independent events.</summary>
    public static readonly Overdispersion None = Known(1);

    private Overdispersion(double[] factors, double[] weights)
    {
        var total = weights.Sum();
        Factors = factors;
        LogWeights = Array.ConvertAll(weights, weight => Math.Log(weight / total));
        Mean = factors.Zip(weights, (factor, weight) => factor * weight).Sum() / total;
    }

    /// <summary>The factors, ascending, each at least 1.</summary>
    public double[] Factors { get; }

    /// <summary>The logarithms of their probabilities.</summary>
    public double[] LogWeights { get; }

    /// <summary>The expected factor.</summary>
    public double Mean { get; }

    /// <summary>One factor, taken as known.</summary>
    public static Overdispersion Known(double factor) => new([factor], [1]);

    /// <summary>
    /// A few groups in place of many factors. The last groups are small: it is the large factors, however improbable,
    /// that can explain what looks like a change. The last percent is not considered: it could explain anything, and
    /// leaving it out adds at most that much of its own false alarms.
    /// </summary>
    /// <param name="factors">Factors in any order; sorted in place.</param>
    /// <param name="weights">Their weights, above 0 in sum; sorted with them.</param>
    public static Overdispersion Grouped(double[] factors, double[] weights)
    {
        ReadOnlySpan<double> cuts = [0.3, 0.6, 0.8, 0.92, 0.97, Considered];
        Array.Sort(factors, weights);
        var total = weights.Sum();
        var (means, shares) = (new List<double>(cuts.Length), new List<double>(cuts.Length));
        var (group, passed, share, mean) = (0, 0.0, 0.0, 0.0);
        for (var i = 0; i < factors.Length; i++)
        {
            var weight = weights[i] / total;
            share += weight;
            mean += weight * factors[i];
            passed += weight;
            if (share <= 0 || passed < cuts[group])
                continue;

            means.Add(mean / share);
            shares.Add(share);
            (share, mean) = (0, 0);
            while (group < cuts.Length && passed >= cuts[group])
                group++;
            if (group == cuts.Length)
                break;
        }

        return new Overdispersion([.. means], [.. shares]);
    }
}
