using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Pipelines;

namespace UpgradeWatch.Engine.Upgrades;

/// <summary>Opens an upgrade. Text fields are taken as they came; the service checks them.</summary>
public sealed record BeginCommand
{
    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>Version after.</summary>
    public required string ToVersion { get; init; }

    /// <summary>Version before; null when not told.</summary>
    public string? FromVersion { get; init; }

    /// <summary>The phase it begins in: pre-upgrade, upgrading or post-upgrade.</summary>
    public Phase Phase { get; init; } = Phase.PreUpgrade;

    /// <summary>When that phase began; null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Who is responsible; null when not told.</summary>
    public string? Owner { get; init; }

    /// <summary>When it is planned to be down; null for never.</summary>
    public PlannedDowntime? PlannedDowntime { get; init; }

    /// <summary>Links by name, http or https.</summary>
    public IReadOnlyDictionary<string, string> Links { get; init; } = new Dictionary<string, string>();

    /// <summary>Length of the observation window in seconds; null for the target's.</summary>
    public double? ObservationWindowSeconds { get; init; }

    /// <summary>Whether an upgrade that is open for the target is closed as superseded.</summary>
    public bool Supersede { get; init; }

    /// <summary>The client's idempotency key; null for none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whose key it is: nobody meets another's. Null where all are one.</summary>
    public string? IdempotencyOwner { get; init; }

    /// <summary>Who asks; null when not known.</summary>
    public string? By { get; init; }

    /// <summary>What a tool calls it; null when no tool has told.</summary>
    internal PipelineChange? Pipeline { get; init; }

    /// <summary>Under which the key is kept.</summary>
    internal string? StoredKey => IdempotencyOwner is null || IdempotencyKey is null ? IdempotencyKey : $"{IdempotencyOwner} {IdempotencyKey}";
}

/// <summary>Moves an upgrade to another phase.</summary>
public sealed record AdvanceCommand
{
    /// <summary>The phase to move to.</summary>
    public required Phase Phase { get; init; }

    /// <summary>When it began; null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Why; null when not said.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether open required items are overridden; needs a reason.</summary>
    public bool Force { get; init; }

    /// <summary>Who asks; null when not known.</summary>
    public string? By { get; init; }
}

/// <summary>Takes one SLI out of deciding an upgrade.</summary>
public sealed record AcknowledgeCommand
{
    /// <summary>Name of the SLI.</summary>
    public required string Sli { get; init; }

    /// <summary>Why; not empty.</summary>
    public required string Reason { get; init; }

    /// <summary>Until when it holds; null for as long as the upgrade is open.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Who asks; null when not known.</summary>
    public string? By { get; init; }
}

/// <summary>Changes a checklist item. Null leaves a field as it is.</summary>
public sealed record ChecklistCommand
{
    /// <summary>New state; null keeps it.</summary>
    public ItemStatus? Status { get; init; }

    /// <summary>New note.</summary>
    public string? Note { get; init; }

    /// <summary>New link, http or https.</summary>
    public string? Link { get; init; }

    /// <summary>New owner.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether an item that UpgradeWatch sets is overridden; needs a reason.</summary>
    public bool Override { get; init; }

    /// <summary>Why it is overridden.</summary>
    public string? Reason { get; init; }

    /// <summary>Who asks; null when not known.</summary>
    public string? By { get; init; }
}
