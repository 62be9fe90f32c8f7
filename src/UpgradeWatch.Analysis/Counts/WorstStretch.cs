namespace UpgradeWatch.Analysis.Counts;

/// <summary>
/// The stretch of steps that speaks loudest against what is tolerated. Evidence that needs it is evidence of a burst;
/// evidence that holds without it is of something that lasts.
/// </summary>
/// <param name="toleratedRate">Events per exposure that are still tolerated.</param>
/// <param name="factor">The alternative as a multiple of it: above 1 upwards, below 1 downwards.</param>
internal sealed class WorstStretch(double toleratedRate, double factor)
{
    private readonly double _weight = Math.Log(factor);
    private readonly double _drift = (factor - 1) * toleratedRate;
    private double _most;

    /// <summary>Its events.</summary>
    public double Events { get; private set; }

    /// <summary>What they are events of.</summary>
    public double Exposure { get; private set; }

    /// <summary>Takes a stretch that ends now.</summary>
    public void Add(double events, double exposure)
    {
        var excess = events * _weight - exposure * _drift;
        if (excess <= _most)
            return;

        _most = excess;
        Events = events;
        Exposure = exposure;
    }
}
