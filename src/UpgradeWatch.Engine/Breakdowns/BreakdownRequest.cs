using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Breakdowns;

/// <summary>What is asked of a source to say where a finding is.</summary>
public sealed record BreakdownRequest
{
    /// <summary>Name of the signal.</summary>
    public required string Signal { get; init; }

    /// <summary>What counts as an event: bad requests, requests, or requests slower than <see cref="AboveSeconds"/>.</summary>
    public required SignalPart Part { get; init; }

    /// <summary>A bound of the histogram in seconds: requests above it are the events; null for other parts.</summary>
    public double? AboveSeconds { get; init; }

    /// <summary>Names of the labels, those that say most first.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>First step before the upgrade.</summary>
    public required long BeforeFirst { get; init; }

    /// <summary>Last step before the upgrade.</summary>
    public required long BeforeLast { get; init; }

    /// <summary>First step of the finding.</summary>
    public required long SinceFirst { get; init; }

    /// <summary>Last step of the finding.</summary>
    public required long SinceLast { get; init; }
}
