using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Engine.Profiles;

/// <summary>Which numbers of a signal an SLI takes.</summary>
public enum SignalPart
{
    /// <summary>Bad events over all events.</summary>
    Errors,

    /// <summary>All events per second.</summary>
    Traffic,

    /// <summary>The whole histogram.</summary>
    Distribution,

    /// <summary>One quantile of the histogram.</summary>
    Quantile,

    /// <summary>The gauge.</summary>
    Gauge,
}

/// <summary>One SLI of a target: which numbers, how they are judged and shown.</summary>
public sealed record SliDefinition
{
    /// <summary>Name, for instance <c>error-ratio</c>, <c>latency</c>, <c>latency-p95</c>, <c>traffic</c>, <c>cpu</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Kind shown to users.</summary>
    public required SliKind Kind { get; init; }

    /// <summary>Name of the signal it takes its numbers from.</summary>
    public required string Signal { get; init; }

    /// <summary>Which numbers of it.</summary>
    public required SignalPart Part { get; init; }

    /// <summary>0 to 1 for <see cref="SignalPart.Quantile"/>.</summary>
    public double? Quantile { get; init; }

    /// <summary>Unit of the values.</summary>
    public required string Unit { get; init; }

    /// <summary>Which way is bad.</summary>
    public required Direction Direction { get; init; }

    /// <summary>Practical tolerance.</summary>
    public required Tolerance Tolerance { get; init; }

    /// <summary>Whether it can fail the verdict.</summary>
    public bool Critical { get; init; }

    /// <summary>Beyond it in the bad direction it fails by itself; null for none.</summary>
    public double? AbsoluteLimit { get; init; }
}
