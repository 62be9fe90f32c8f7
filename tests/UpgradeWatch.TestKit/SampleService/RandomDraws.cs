namespace UpgradeWatch.TestKit.SampleService;

/// <summary>Draws that <see cref="Random"/> does not have.</summary>
public static class RandomDraws
{
    /// <summary>A standard normal number, by Box and Muller's transformation.</summary>
    public static double NextNormal(this Random random)
    {
        // 1 - u, because the logarithm of 0 is not a number.
        return Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    /// <summary>A Poisson number, by Knuth's multiplication; large means are split, as exp(-mean) would underflow.</summary>
    /// <param name="random">The source.</param>
    /// <param name="mean">At least 0.</param>
    public static int NextPoisson(this Random random, double mean)
    {
        const double part = 10;
        var count = 0;
        for (; mean > part; mean -= part)
        {
            count += random.NextPoisson(part);
        }

        var limit = Math.Exp(-mean);
        for (var product = random.NextDouble(); product > limit; product *= random.NextDouble())
        {
            count++;
        }

        return count;
    }
}
