using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Pipelines;

/// <summary>How far a tool says that a change is.</summary>
public sealed record PipelineStep
{
    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>Which change.</summary>
    public required PipelineChange Change { get; init; }

    /// <summary>The phase it is in; null only asks for the upgrade.</summary>
    public Phase? Phase { get; init; }

    /// <summary>When an upgrade is opened of it.</summary>
    public PipelineOpening Opening { get; init; }

    /// <summary>Whether it has happened already, so that no checklist can hold it up any more: what is open on it is recorded.</summary>
    public bool HasHappened { get; init; }

    /// <summary>
    /// Whether changes that came before are recognised: what runs already is not upgraded to again, and rolling out the
    /// version from which the open upgrade came takes that one back. Else each is an upgrade of its own.
    /// </summary>
    public bool LooksBack { get; init; }

    /// <summary>Whether an open upgrade that no such tool has named yet is taken for this change.</summary>
    public bool Adopts { get; init; } = true;

    /// <summary>Whether another upgrade that is open is closed as superseded.</summary>
    public bool Supersede { get; init; }

    /// <summary>Version before; null when not told.</summary>
    public string? FromVersion { get; init; }

    /// <summary>When the phase began; null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>When the tool began with the change, by which what is told late is known; null when it does not say.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Why; null when not said.</summary>
    public string? Reason { get; init; }

    /// <summary>Who is responsible; null when not told.</summary>
    public string? Owner { get; init; }

    /// <summary>Length of the observation window in seconds; null for the target's.</summary>
    public double? ObservationWindowSeconds { get; init; }

    /// <summary>Who says so, for the record.</summary>
    public string? By { get; init; }
}

/// <summary>When a step opens an upgrade.</summary>
public enum PipelineOpening
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>When none is known of the change.</summary>
    Once,

    /// <summary>Also when the one that is known was rolled back or given up: it is tried again.</summary>
    Again,
}
