namespace UpgradeWatch.Analysis.Tests.Simulation;

/// <summary>Seeded random draws for simulated services.</summary>
internal sealed class Draw(int seed)
{
    private readonly Random _random = new(seed);

    public double Uniform() => _random.NextDouble();

    public double Normal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()));
        return radius * Math.Cos(2 * Math.PI * _random.NextDouble());
    }

    public int Poisson(double mean)
    {
        if (mean > 500)
            return (int)Math.Max(0, Math.Round(mean + Math.Sqrt(mean) * Normal()));

        var limit = Math.Exp(-mean);
        var count = 0;
        for (var product = Uniform(); product > limit; product *= Uniform())
            count++;
        return count;
    }

    public int Binomial(int n, double p)
    {
        if (n * p * (1 - p) > 100)
            return (int)Math.Clamp(Math.Round(n * p + Math.Sqrt(n * p * (1 - p)) * Normal()), 0, n);

        if (p > 0.5)
            return n - Binomial(n, 1 - p);

        // Skips from hit to hit, so that rare events are cheap.
        var hits = 0;
        var scale = p < 1e-9 ? -p : Math.Log(1 - p);
        for (var at = Skip(); at < n; at += 1 + Skip())
            hits++;
        return hits;

        double Skip() => p <= 0 ? double.PositiveInfinity : Math.Floor(Math.Log(1 - _random.NextDouble()) / scale);
    }

    /// <summary>Marsaglia and Tsang, "A simple method for generating gamma variables" (2000).</summary>
    public double Gamma(double shape)
    {
        if (shape < 1)
            return Gamma(shape + 1) * Math.Pow(1 - Uniform(), 1 / shape);

        var d = shape - 1.0 / 3;
        while (true)
        {
            var x = Normal();
            var v = Math.Pow(1 + x / Math.Sqrt(9 * d), 3);
            if (v > 0 && Math.Log(1 - Uniform()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return d * v;
        }
    }

    public double Beta(double a, double b)
    {
        var x = Gamma(a);
        return x / (x + Gamma(b));
    }
}
