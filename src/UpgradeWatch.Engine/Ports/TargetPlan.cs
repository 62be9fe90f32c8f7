using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Sides;

namespace UpgradeWatch.Engine.Ports;

/// <summary>
/// What is asked of a source for one target: worked out once when an upgrade begins and kept with it, so that a
/// later change of the configuration cannot move what is compared.
/// </summary>
public sealed record TargetPlan
{
    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>Name of the source, <see cref="IMetricSource.Name"/>.</summary>
    public required string Source { get; init; }

    /// <summary>The profile that was configured or chosen.</summary>
    public required string Profile { get; init; }

    /// <summary>One sentence on what was chosen and why, for people.</summary>
    public required string Explanation { get; init; }

    /// <summary>Length of a step in seconds: the smallest multiple of the scrape interval that is at least the configured one.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>Seconds between two scrapes.</summary>
    public required double ScrapeIntervalSeconds { get; init; }

    /// <summary>Seconds after its end at which a step is complete.</summary>
    public required double DelaySeconds { get; init; }

    /// <summary>Label matchers of the target's own <c>up</c> series: the configured labels, or those found on its series.</summary>
    public IReadOnlyList<LabelMatch> TargetMatches { get; init; } = [];

    /// <summary>Which gates on new series are possible: whether <c>up</c> exists for the target.</summary>
    public bool HasUp { get; init; } = true;

    /// <summary>Whether <c>process_start_time_seconds</c> exists for the target.</summary>
    public bool HasProcessStart { get; init; } = true;

    /// <summary>Whether the source has an <c>up</c> of any target, by which one that takes in nothing any more can be told.</summary>
    public bool SeesAnyUp { get; init; }

    /// <summary>What is fetched.</summary>
    public required IReadOnlyList<SignalDefinition> Signals { get; init; }

    /// <summary>What is judged.</summary>
    public required IReadOnlyList<SliDefinition> Slis { get; init; }

    /// <summary>The instances that are asked for; null for all. Never stored.</summary>
    public InstanceSet? Only { get; init; }

    /// <summary>Index of the step that ends at or before a time.</summary>
    public long StepAt(DateTimeOffset time) => (long)Math.Floor((time - DateTimeOffset.UnixEpoch).TotalSeconds / StepSeconds + 1e-9);

    /// <summary>When a step ends.</summary>
    public DateTimeOffset EndOf(long step) => DateTimeOffset.UnixEpoch.AddSeconds(step * StepSeconds);

    /// <summary>The newest step that is complete at a time.</summary>
    public long NewestComplete(DateTimeOffset now) => StepAt(now.AddSeconds(-DelaySeconds));
}
