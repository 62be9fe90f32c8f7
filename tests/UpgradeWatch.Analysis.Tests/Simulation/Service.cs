using UpgradeWatch.Analysis.Findings;
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

    /// <summary>The same on the error ratio; with it the errors of a step are beta-binomial with 200 as their sum of parameters.</summary>
    public double ErrorNoise { get; init; }

    /// <summary>The same on every latency.</summary>
    public double LatencyNoise { get; init; }
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
        var n = Requests(service);
        return new StepSample(step, state, _draw.Binomial(n, ErrorRatio(service)), n);
    }

    public StepSample Count(long step, Behaviour service, StepState state = StepState.None) =>
        new(step, state, double.NaN, Requests(service));

    public StepSample Buckets(long step, Behaviour service, StepState state = StepState.None)
    {
        var counts = new double[AspNetCoreBounds.Length];
        var n = Requests(service);
        Wander(ref _latency, service.LatencyNoise);
        for (var i = 0; i < n; i++)
        {
            var seconds = service.MedianSeconds * Math.Exp(_latency + service.LogSpread * _draw.Normal());
            if (_draw.Uniform() < service.SlowShare)
                seconds *= service.SlowFactor;
            counts[Array.FindIndex(AspNetCoreBounds, bound => seconds <= bound)]++;
        }

        for (var i = 1; i < counts.Length; i++)
            counts[i] += counts[i - 1];
        return new StepSample(step, state, double.NaN, n, counts);
    }

    public StepSample Draw(Measure measure, long step, Behaviour service, StepState state = StepState.None) => measure switch
    {
        Measure.Ratio => Ratio(step, service, state),
        Measure.Count => Count(step, service, state),
        _ => Buckets(step, service, state),
    };

    private int Requests(Behaviour service)
    {
        Wander(ref _load, service.LoadNoise);
        var mean = service.RequestsPerSecond * stepSeconds * Math.Exp(_load);
        return service.IsPoisson ? _draw.Poisson(mean) : (int)Math.Round(mean);
    }

    private double ErrorRatio(Behaviour service)
    {
        if (service.ErrorNoise == 0)
            return service.ErrorRatio;

        Wander(ref _errors, service.ErrorNoise);
        var mean = Math.Min(0.99, service.ErrorRatio * Math.Exp(_errors));
        return _draw.Beta(200 * mean, 200 * (1 - mean));
    }

    /// <summary>The next value of an autoregression of .9 with this standard deviation.</summary>
    private void Wander(ref double level, double deviation) =>
        level = 0.9 * level + deviation * Math.Sqrt(1 - 0.81) * (deviation == 0 ? 0 : _draw.Normal());
}
