using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Engine.Profiles;

/// <summary>The SLIs that a signal gives, with what is critical and what matters by default.</summary>
internal static class SliDefaults
{
    public const string ErrorRatio = "error-ratio";
    public const string Latency = "latency";
    public const string Traffic = "traffic";

    private static readonly Tolerance ErrorTolerance = new(Relative: 0.25, Absolute: 0.001);
    private static readonly Tolerance LatencyTolerance = new(Relative: 0.10, Absolute: null);
    private static readonly Tolerance LoadTolerance = new(Relative: 0.30, Absolute: null);

    /// <summary>Everything that can be said about requests.</summary>
    public static IEnumerable<SliDefinition> OfRequests(SignalDefinition signal, string trafficUnit)
    {
        if (signal.Bad.Count > 0) yield return OfErrors(ErrorRatio, signal.Name);

        if (signal.Buckets is not null)
        {
            foreach (var sli in OfHistogram(Latency, signal.Name)) yield return sli;
        }

        yield return OfTraffic(Traffic, signal.Name, trafficUnit);
    }

    public static SliDefinition OfErrors(string name, string signal) => new()
    {
        Name = name,
        Kind = SliKind.Ratio,
        Signal = signal,
        Part = SignalPart.Errors,
        Unit = "ratio",
        Direction = Direction.Up,
        Tolerance = ErrorTolerance,
        Critical = true,
    };

    /// <summary>The distribution, which is tested as a whole, and the quantiles that people know.</summary>
    public static IEnumerable<SliDefinition> OfHistogram(string name, string signal)
    {
        var distribution = new SliDefinition
        {
            Name = name,
            Kind = SliKind.Latency,
            Signal = signal,
            Part = SignalPart.Distribution,
            Unit = "seconds",
            Direction = Direction.Up,
            Tolerance = LatencyTolerance,
            Critical = true,
        };
        yield return distribution;
        yield return Quantile(distribution, "p50", 0.50) with { Critical = false };
        yield return Quantile(distribution, "p95", 0.95);
        yield return Quantile(distribution, "p99", 0.99);
    }

    /// <summary>Traffic that falls away is critical: users no longer get through.</summary>
    public static SliDefinition OfTraffic(string name, string signal, string unit) => new()
    {
        Name = name,
        Kind = SliKind.Gauge,
        Signal = signal,
        Part = SignalPart.Traffic,
        Unit = unit,
        Direction = Direction.Down,
        Tolerance = LoadTolerance,
        Critical = true,
    };

    /// <summary>Saturation of a profile.</summary>
    public static SliDefinition OfSaturation(ProfileGauge gauge) =>
        OfGauge(gauge.Signal.Name, gauge.Signal.Name, gauge.Unit) with { Tolerance = LoadTolerance };

    /// <summary>Any other number: nothing is known about what matters, so it has no tolerance and can only warn.</summary>
    public static SliDefinition OfGauge(string name, string signal, string unit) => new()
    {
        Name = name,
        Kind = SliKind.Gauge,
        Signal = signal,
        Part = SignalPart.Gauge,
        Unit = unit,
        Direction = Direction.Up,
        Tolerance = Tolerance.None,
    };

    private static SliDefinition Quantile(SliDefinition distribution, string suffix, double quantile) => distribution with
    {
        Name = $"{distribution.Name}-{suffix}",
        Part = SignalPart.Quantile,
        Quantile = quantile,
    };
}
