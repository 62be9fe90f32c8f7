using UpgradeWatch.Analysis.Histories;

namespace UpgradeWatch.Engine.Histories;

/// <summary>The history of a target up to an upgrade, as it is stored: nothing that happens to the source later moves it.</summary>
public sealed record FrozenHistory
{
    /// <summary>Tells which queries it was read with; another plan has another key.</summary>
    public required string PlanKey { get; init; }

    /// <summary>The minute of the first value; minute m covers the 60 s that end at m x 60 s in Unix time.</summary>
    public required long FirstMinute { get; init; }

    /// <summary>How many minutes there are.</summary>
    public required int Minutes { get; init; }

    /// <summary>Seconds that one value covers: 60, or more where the target is scraped more rarely.</summary>
    public required double ValueSeconds { get; init; }

    /// <summary>The SLIs.</summary>
    public required IReadOnlyList<FrozenSeries> Slis { get; init; }
}

/// <summary>The history of one SLI. NaN is a gap; arrays that do not apply are empty.</summary>
public sealed record FrozenSeries
{
    /// <summary>Name of the SLI.</summary>
    public required string Sli { get; init; }

    /// <summary>Its value in each minute, in its unit: of gauges, quantiles, and traffic (requests per second).</summary>
    public required float[] Values { get; init; }

    /// <summary>Bad events in each minute, of ratios.</summary>
    public required float[] Events { get; init; }

    /// <summary>All events in each minute, of ratios.</summary>
    public required float[] Exposures { get; init; }

    /// <summary>What it is expected to do and how far it strays; null when the history does not say.</summary>
    public ReferenceState? Reference { get; init; }
}
