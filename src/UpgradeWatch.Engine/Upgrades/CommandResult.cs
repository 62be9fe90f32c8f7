namespace UpgradeWatch.Engine.Upgrades;

/// <summary>Why a command was refused.</summary>
public enum RefusalKind
{
    /// <summary>No such upgrade or item.</summary>
    NotFound,

    /// <summary>The state of the upgrade does not allow it.</summary>
    Conflict,

    /// <summary>A value is out of its range or names something unknown.</summary>
    Invalid,

    /// <summary>The store cannot take it now.</summary>
    StoreUnavailable,

    /// <summary>The store is full.</summary>
    StoreFull,
}

/// <summary>A refusal with everything a caller needs to do better.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Detail">One sentence that names the field, the value and what would be right.</param>
public sealed record Refusal(RefusalKind Kind, string Detail)
{
    /// <summary>The field it is about; null for none.</summary>
    public string? Field { get; init; }

    /// <summary>The moves that are allowed from here; null when it is not about a move.</summary>
    public IReadOnlyList<string>? AllowedMoves { get; init; }

    /// <summary>The earliest time a move may carry; null when it is not about that.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The upgrade that is in the way; null for none.</summary>
    public string? OpenUpgradeId { get; init; }

    /// <summary>The checklist items that are open; null when it is not about them.</summary>
    public IReadOnlyList<string>? OpenItems { get; init; }

    /// <summary>The names that are known; null when it is not about an unknown name.</summary>
    public IReadOnlyList<string>? Known { get; init; }
}

/// <summary>The upgrade after a command, or why it was refused.</summary>
public sealed record CommandResult
{
    /// <summary>The upgrade; null when refused.</summary>
    public Upgrade? Upgrade { get; private init; }

    /// <summary>The refusal; null when done.</summary>
    public Refusal? Refusal { get; private init; }

    /// <summary>Whether something changed; false for an idempotent repetition.</summary>
    public bool Changed { get; private init; }

    /// <summary>Required checklist items that are open although the phase moved on.</summary>
    public IReadOnlyList<string> OpenItems { get; private init; } = [];

    /// <summary>Done.</summary>
    public static CommandResult Done(Upgrade upgrade, bool changed, IReadOnlyList<string>? openItems = null) =>
        new() { Upgrade = upgrade, Changed = changed, OpenItems = openItems ?? [] };

    /// <summary>Refused.</summary>
    public static CommandResult Refused(Refusal refusal) => new() { Refusal = refusal };
}
