using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Numerics;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Tests.Simulation;

/// <summary>What a simulated service does: its load, errors and latencies.</summary>
internal sealed record Behaviour
{
    public double RequestsPerSecond { get; init; } = 100;
    public bool IsPoisson { get; init; } = true;
    public double ErrorRatio { get; init; } = 0.001;
    public double MedianSeconds { get; init; } = 0.03;
    public double LogSpread { get; init; } = 0.5;
    public double SlowShare { get; init; }
    public double SlowFactor { get; init; } = 10;

    /// <summary>Standard deviation of an AR(0.9) factor on the load, in logarithms.</summary>
    public double LoadNoise { get; init; }

    /// <summary>The same on the error ratio; with it the errors of a step are beta-binomial.</summary>
    public double ErrorNoise { get; init; }

    /// <summary>The sum of the parameters of that beta-binomial: the smaller, the more errors come in clumps.</summary>
    public double ErrorConcentration { get; init; } = 200;

    /// <summary>The same on every latency.</summary>
    public double LatencyNoise { get; init; }

    /// <summary>How far the load swings about its mean over a day, as a share of it.</summary>
    public double LoadSwing { get; init; }

    /// <summary>The same of the error ratio.</summary>
    public double ErrorSwing { get; init; }

    /// <summary>The same of every latency.</summary>
    public double LatencySwing { get; init; }
}

/// <summary>Draws the steps of a service.</summary>
internal sealed class Service(int seed, double stepSeconds)
{
    public static readonly double[] AspNetCoreBounds =
        [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, double.PositiveInfinity];

    private readonly Draw _draw = new(seed);
    private double _load;
    private double _errors;
    private double _latency;

    public StepSample Ratio(long step, Behaviour service, StepState state = StepState.None)
    {
        var n = Requests(step, service);
        return new StepSample(step, state, _draw.Binomial(n, ErrorRatio(step, service)), n);
    }

    public StepSample Count(long step, Behaviour service, StepState state = StepState.None) =>
        new(step, state, double.NaN, Requests(step, service));

    public StepSample Buckets(long step, Behaviour service, StepState state = StepState.None)
    {
        var counts = new double[AspNetCoreBounds.Length];
        var n = Requests(step, service);
        Wander(ref _latency, service.LatencyNoise);
        var median = service.MedianSeconds * Math.Exp(_latency) * (1 + service.LatencySwing * Rhythm(step));
        var (left, below) = (n, 0.0);
        for (var i = 0; i < counts.Length; i++)
        {
            var upTo = i == counts.Length - 1 ? 1 : Share(AspNetCoreBounds[i]);
            var inBucket = below >= 1 ? 0 : _draw.Binomial(left, Math.Clamp((upTo - below) / (1 - below), 0, 1));
            left -= inBucket;
            below = upTo;
            counts[i] = n - left;
        }

        return new StepSample(step, state, double.NaN, n, counts);

        double Share(double bound)
        {
            var usual = Gamma.Normal(Math.Log(bound / median) / service.LogSpread);
            var slow = Gamma.Normal(Math.Log(bound / (service.SlowFactor * median)) / service.LogSpread);
            return (1 - service.SlowShare) * usual + service.SlowShare * slow;
        }
    }

    public StepSample Draw(Measure measure, long step, Behaviour service, StepState state = StepState.None) => measure switch
    {
        Measure.Ratio => Ratio(step, service, state),
        Measure.Count => Count(step, service, state),
        _ => Buckets(step, service, state),
    };

    /// <summary>-1 to 1 and back within a day; every seed begins at another time of it.</summary>
    public double Rhythm(long step) => Math.Sin(2 * Math.PI * (step * stepSeconds / 86_400 + seed * 0.618));

    private int Requests(long step, Behaviour service)
    {
        Wander(ref _load, service.LoadNoise);
        var mean = service.RequestsPerSecond * stepSeconds * Math.Exp(_load) * (1 + service.LoadSwing * Rhythm(step));
        return service.IsPoisson ? _draw.Poisson(mean) : (int)Math.Round(mean);
    }

    private double ErrorRatio(long step, Behaviour service)
    {
        var ratio = service.ErrorRatio * (1 + service.ErrorSwing * Rhythm(step));
        if (service.ErrorNoise == 0)
            return ratio;

        Wander(ref _errors, service.ErrorNoise);
        var mean = Math.Min(0.99, ratio * Math.Exp(_errors));
        return _draw.Beta(service.ErrorConcentration * mean, service.ErrorConcentration * (1 - mean));
    }

    /// <summary>The next value of an autoregression of .9 with this standard deviation.</summary>
    private void Wander(ref double level, double deviation) =>
        level = 0.9 * level + deviation * Math.Sqrt(1 - 0.81) * (deviation == 0 ? 0 : _draw.Normal());
}
