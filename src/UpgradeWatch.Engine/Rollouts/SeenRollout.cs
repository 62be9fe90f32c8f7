namespace UpgradeWatch.Engine.Rollouts;

/// <summary>What is remembered of a workload, so that a change is also seen when nobody looked while it was made.</summary>
public sealed record SeenRollout
{
    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>The workload, <see cref="RolloutSighting.Workload"/>.</summary>
    public required string Workload { get; init; }

    /// <summary>What was rolled out when it was seen last.</summary>
    public required RolloutTemplate Template { get; init; }

    /// <summary>Whether all instances ran it then.</summary>
    public bool IsDone { get; init; }

    /// <summary>What all instances ran before it; null when that is not known.</summary>
    public RolloutTemplate? Before { get; init; }

    /// <summary>Identities of what was begun and given up since <see cref="Before"/>; null for none.</summary>
    public IReadOnlyList<string>? Tried { get; init; }

    /// <summary>The upgrade that is made of it; null for none.</summary>
    public string? UpgradeId { get; init; }

    /// <summary>Whether it came by taking that upgrade back.</summary>
    public bool IsBack { get; init; }

    /// <summary>Whether a template is one from which this one came, so that its return takes this one back.</summary>
    internal bool CameFrom(RolloutTemplate template) =>
        !IsBack && template.Identity != Template.Identity && (Before?.Identity == template.Identity || (Tried ?? []).Contains(template.Identity));
}
