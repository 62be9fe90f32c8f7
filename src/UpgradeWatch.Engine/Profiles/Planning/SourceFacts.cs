namespace UpgradeWatch.Engine.Profiles;

/// <summary>What a source found out about a target, for <see cref="PlanBuilder"/>.</summary>
public sealed record SourceFacts
{
    /// <summary>Name of the source, <c>prometheus</c> or <c>scrape</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Names of the series that the target has, as they are queried (with <c>_bucket</c>, <c>_count</c>, <c>_total</c>).</summary>
    public required IReadOnlySet<string> MetricNames { get; init; }

    /// <summary>Seconds between two scrapes, above 0.</summary>
    public required double ScrapeIntervalSeconds { get; init; }

    /// <summary>Seconds after its end at which a step is complete, where the configuration does not say.</summary>
    public required double DelaySeconds { get; init; }

    /// <summary>Matchers put into every selector; null for equality with the target's configured labels.</summary>
    public IReadOnlyList<LabelMatch>? SeriesMatches { get; init; }

    /// <summary>Matchers of the target's <c>up</c> series; null for the same as <see cref="SeriesMatches"/>.</summary>
    public IReadOnlyList<LabelMatch>? TargetMatches { get; init; }

    /// <summary>Whether <c>up</c> exists for the target.</summary>
    public bool HasUp { get; init; } = true;

    /// <summary>Whether <c>process_start_time_seconds</c> exists for the target.</summary>
    public bool HasProcessStart { get; init; } = true;

    /// <summary>Whether <c>up</c> exists for any target of the source.</summary>
    public bool SeesAnyUp { get; init; }

    /// <summary>Whether the source understands PromQL beyond plain selectors.</summary>
    public bool UnderstandsPromQl { get; init; } = true;
}
