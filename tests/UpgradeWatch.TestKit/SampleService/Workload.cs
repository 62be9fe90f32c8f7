namespace UpgradeWatch.TestKit.SampleService;

/// <summary>Draws what each request costs.</summary>
internal sealed class Workload(int seed)
{
    private const double MedianMilliseconds = 20;

    // Spread of the logarithm: the 95th percentile is about twice the median.
    private const double Sigma = 0.4;

    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);

    public (TimeSpan Latency, bool IsError) Next(Faults faults)
    {
        lock (_lock)
        {
            var milliseconds = MedianMilliseconds * Math.Exp(Sigma * _random.NextNormal()) * faults.LatencyFactor;
            if (_random.NextDouble() < faults.TailShare)
            {
                milliseconds *= faults.TailFactor;
            }

            return (TimeSpan.FromMilliseconds(milliseconds), _random.NextDouble() < faults.ErrorRatio);
        }
    }
}
