using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Engine.Options;

/// <summary>What kind of component a target is.</summary>
public enum TargetKind
{
    /// <summary>A service that answers requests.</summary>
    Service,

    /// <summary>A database.</summary>
    Database,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>One component that is upgraded and watched (<c>targets[]</c>).</summary>
public sealed record TargetOptions
{
    /// <summary>Unique name, <c>[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Default <see cref="TargetKind.Service"/>.</summary>
    public TargetKind Kind { get; init; } = TargetKind.Service;

    /// <summary>Name of a profile, <c>custom</c>, or <c>auto</c> (the default).</summary>
    public string Profile { get; init; } = "auto";

    /// <summary>Labels that pick the target's series; each becomes an equality matcher.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the target's own /metrics is; when given it is scraped directly instead of asking Prometheus.</summary>
    public Uri? ScrapeUrl { get; init; }

    /// <summary>Changes to the profile's SLIs by name, and SLIs of one's own.</summary>
    public IReadOnlyList<SliOptions> Slis { get; init; } = [];

    /// <summary>Who is told; null when unknown.</summary>
    public string? Owner { get; init; }

    /// <summary>Which alerts are this target's, for silences.</summary>
    public TargetSilences Silences { get; init; } = new();

    /// <summary>Which workloads of Kubernetes it is.</summary>
    public WorkloadOptions Workloads { get; init; } = new();

    /// <summary>Metric with a label that tells the version, for instance <c>checkout_build_info</c>; null for none.</summary>
    public string? VersionMetric { get; init; }

    /// <summary>That label.</summary>
    public string VersionLabel { get; init; } = "version";

    /// <summary>The evaluation settings of this target: the global ones with the target's own laid over.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();
}

/// <summary>One entry of <c>targets[].slis</c>: changes an SLI of the profile when the name is one of its, else adds one.</summary>
public sealed record SliOptions
{
    /// <summary>Name of the SLI, <c>[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?</c>.</summary>
    public required string Name { get; init; }

    /// <summary>False leaves the SLI out.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary><c>ratio</c>, <c>latency</c> or <c>gauge</c>; needed for an SLI of one's own.</summary>
    public SliKind? Kind { get; init; }

    /// <summary>PromQL of a gauge (Prometheus only).</summary>
    public string? Query { get; init; }

    /// <summary>Selector of the counter of bad events (ratio), for instance <c>orders_failed_total{kind="card"}</c>.</summary>
    public string? Errors { get; init; }

    /// <summary>Selector of the counter of all events (ratio, or traffic alone).</summary>
    public string? Total { get; init; }

    /// <summary>Selector of a histogram's <c>_bucket</c> series (latency).</summary>
    public string? Buckets { get; init; }

    /// <summary>How several series of a gauge become one: <c>sum</c>, <c>avg</c>, <c>max</c>, <c>min</c>; null refuses them.</summary>
    public string? Aggregation { get; init; }

    /// <summary>Which way is bad; null keeps the profile's (own SLIs: up, own traffic: down).</summary>
    public Direction? Direction { get; init; }

    /// <summary>Whether it can fail the verdict; null keeps the default.</summary>
    public bool? Critical { get; init; }

    /// <summary>Unit shown; null keeps the default.</summary>
    public string? Unit { get; init; }

    /// <summary>Relative tolerance, share of the baseline, 0 to 100; null keeps the default.</summary>
    public double? ToleranceRelative { get; init; }

    /// <summary>Absolute tolerance in the SLI's unit, at least 0; null keeps the default.</summary>
    public double? ToleranceAbsolute { get; init; }

    /// <summary>Hard limit in the SLI's unit: beyond it in the bad direction it fails by itself; null for none.</summary>
    public double? AbsoluteLimit { get; init; }
}
