namespace UpgradeWatch.Engine.Profiles;

/// <summary>How several series of a gauge become one number.</summary>
public enum GaugeAggregation
{
    /// <summary>More than one series is refused, with the labels named.</summary>
    None,

    /// <summary>Sum over the series.</summary>
    Sum,

    /// <summary>Mean over the series.</summary>
    Avg,

    /// <summary>Largest.</summary>
    Max,

    /// <summary>Smallest.</summary>
    Min,
}

/// <summary>
/// Something that is fetched once and feeds one or more SLIs. Either the requests of a target (counters and a
/// histogram) or one gauge.
/// </summary>
public sealed record SignalDefinition
{
    /// <summary>Unique within a plan, for instance <c>requests</c> or <c>cpu</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Counters of all events, added up. Empty: the histogram's +Inf bucket. </summary>
    public IReadOnlyList<Selector> All { get; init; } = [];

    /// <summary>Counters of bad events, added up; empty when errors are not measured.</summary>
    public IReadOnlyList<Selector> Bad { get; init; } = [];

    /// <summary>The histogram's <c>_bucket</c> series; null when there is none.</summary>
    public Selector? Buckets { get; init; }

    /// <summary>Seconds per unit of the bucket bounds: 1, or 0.001 for milliseconds.</summary>
    public double BoundUnitSeconds { get; init; } = 1;

    /// <summary>The gauge; null for counters.</summary>
    public GaugeDefinition? Gauge { get; init; }
}

/// <summary>A number per step: exactly one of <see cref="Value"/> and <see cref="Query"/> is given.</summary>
public sealed record GaugeDefinition
{
    /// <summary>The series whose last value in the step counts, or whose increase per second when <see cref="IsRate"/>.</summary>
    public Selector? Value { get; init; }

    /// <summary>Divides <see cref="Value"/> (both aggregated first); null for none.</summary>
    public Selector? Per { get; init; }

    /// <summary>Whether <see cref="Value"/> is a counter of which the increase per second is meant.</summary>
    public bool IsRate { get; init; }

    /// <summary>PromQL of one's own (Prometheus only).</summary>
    public string? Query { get; init; }

    /// <summary>How several series become one.</summary>
    public GaugeAggregation Aggregation { get; init; }
}
