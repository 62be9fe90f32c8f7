namespace UpgradeWatch.Analysis.Counts;

/// <summary>
/// One way in which counts may vary more than independent events: they come in clumps, and their rate wanders about
/// its mean as an autoregression of first order.
/// </summary>
/// <param name="Clumping">What clumps within a step add to the variance, in variances of independent events.</param>
/// <param name="Variance">Variance of the rate over its mean squared.</param>
/// <param name="Memory">Steps after which the rate has forgotten all but 1/e.</param>
/// <param name="Prior">How probable this is before anything is seen.</param>
internal readonly record struct RateNoise(double Clumping, double Variance, double Memory, double Prior)
{
    private const double MiddleMemory = 0.6;

    private const double LargestClump = 1e9;
    private const int SmallestPower = -20;
    private const int LargePower = -6;

    /// <summary>The mean square to be expected of the contrasts of blocks.</summary>
    /// <param name="eventsPerStep">Events to be expected in a step.</param>
    /// <param name="growth">What <see cref="Growth"/> says of the length of the blocks and this memory.</param>
    public double Factor(double eventsPerStep, double growth) => 1 + Clumping + Variance * eventsPerStep * growth;

    /// <summary>
    /// All that is considered. Clumps are not much larger than what a step ever held; the rate may wander with a standard
    /// deviation of a thousandth to seven tenths of it.
    /// </summary>
    /// <param name="mostInStep">The most events that a step of the baseline held.</param>
    /// <param name="usual">What is known of such rates in general.</param>
    /// <param name="seesDrift">Whether there are hours of history: they also show what drifts for longer, a daily rhythm for one.</param>
    public static List<RateNoise> All(double mostInStep, NoisePrior usual, bool seesDrift)
    {
        List<(double Steps, double Prior)> memories = [(4, 1 - MiddleMemory - usual.LongMemory), (10, MiddleMemory), (20, usual.LongMemory)];
        if (seesDrift)
            memories.AddRange([(80, 0.1), (320, 0.1)]);

        List<double> clumps = [0];
        var largest = mostInStep > 1 ? Math.Min(LargestClump, 3 * mostInStep) : 1;
        for (var clump = 0.3; clump < largest; clump *= Math.Sqrt(10))
            clumps.Add(clump);

        var all = new List<RateNoise>();
        foreach (var clump in clumps)
        {
            var share = clumps.Count == 1 ? 1 : clump == 0 ? 1 - usual.Clumped : usual.Clumped / (clumps.Count - 1);
            all.Add(new RateNoise(clump, 0, 0, share * usual.Steady));
            for (var power = SmallestPower; power <= -1; power++)
            {
                foreach (var (steps, prior) in memories)
                    all.Add(new RateNoise(clump, Math.ScaleB(1, power), steps, share * prior * (power < LargePower ? usual.Slight / (LargePower - SmallestPower) : usual.Large / -LargePower)));
            }
        }

        return all;
    }

    /// <summary>
    /// How many times more the wandering shows between neighbouring blocks than between single steps far apart:
    /// the variance of the difference of two neighbouring means, from the sums of an autoregression.
    /// </summary>
    public static double Growth(double memory, double length)
    {
        return memory <= 0 ? 1 : 2 * Sum(length) - Sum(2 * length);

        // Variance of a sum over so many steps, for each step.
        double Sum(double steps)
        {
            var kept = Math.Exp(-1 / memory);
            return (1 + kept) / (1 - kept) - 2 * kept * (1 - Math.Pow(kept, steps)) / (steps * (1 - kept) * (1 - kept));
        }
    }
}

/// <summary>
/// How probable it is, before anything is seen, that a rate does not wander, that it does by less than an eighth of its
/// size, and that it does by more; and besides, that events come in clumps, and that what wanders remembers some 20 steps.
/// Chosen on simulated services, half of which had independent events and half a rate that wandered (errors by half their
/// size, traffic by a fifth, latencies by a twelfth): alarms at what is tolerated stay at the level in both.
/// </summary>
internal readonly record struct NoisePrior(double Steady, double Slight, double Large, double Clumped, double LongMemory)
{
    /// <summary>Errors: that they wander by half their size is as usual as that they do not.</summary>
    public static readonly NoisePrior Errors = new(0.33, 0.12, 0.55, 0.75, 0.2);

    /// <summary>Traffic: there are many requests to see by how it varies.</summary>
    public static readonly NoisePrior Traffic = new(0.98, 0.015, 0.005, 0.02, 0.1);

    /// <summary>Shares of requests that take longer than a bound.</summary>
    public static readonly NoisePrior Latencies = new(0.47, 0.2, 0.33, 0.05, 0.1);
}
