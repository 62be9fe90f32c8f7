namespace UpgradeWatch.Engine.Rollouts;

/// <summary>How one workload of a target stands now, as Kubernetes or a metric shows it.</summary>
public sealed record RolloutSighting
{
    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>What was looked at, for instance <c>Deployment shop/checkout</c>; unique within the target.</summary>
    public required string Workload { get; init; }

    /// <summary>What is being rolled out, or has been.</summary>
    public required RolloutTemplate Template { get; init; }

    /// <summary>Since when it is being rolled out.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>What ran before, as far as that can still be seen; null when nothing else ever ran, or nobody knows.</summary>
    public RolloutTemplate? Before { get; init; }

    /// <summary>Since when all instances run it and are ready; null while they do not.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>Whose it is, where the configuration names nobody; null when that is not known.</summary>
    public string? Owner { get; init; }

    /// <summary>What is said about it, for instance that it was aborted and why; null for nothing.</summary>
    public string? Remark { get; init; }
}
