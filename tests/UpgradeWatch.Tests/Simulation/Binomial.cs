namespace UpgradeWatch.Tests.Simulation;

internal static class Binomial
{
    /// <summary>With a true share, more than this many come in fewer than 1 of 1,000 runs (binomial distribution).</summary>
    public static int Most(int trials, double share)
    {
        var probability = Math.Pow(1 - share, trials);
        var sum = probability;
        var most = 0;
        for (; sum < 0.999; most++)
        {
            probability *= (trials - most) / (most + 1.0) * share / (1 - share);
            sum += probability;
        }

        return most;
    }
}
