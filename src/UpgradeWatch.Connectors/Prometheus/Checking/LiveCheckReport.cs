using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>What a target's configuration gives when it is really asked.</summary>
public sealed record LiveCheckReport
{
    /// <summary>The plan; null when there is none.</summary>
    public TargetPlan? Plan { get; init; }

    /// <summary>Why there is no plan; null when there is one.</summary>
    public SourceFailure? Failure { get; init; }

    /// <summary>One entry for each query and window.</summary>
    public IReadOnlyList<QueryCheck> Queries { get; init; } = [];

    /// <summary>What concerns the whole target, in sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
