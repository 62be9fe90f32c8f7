namespace UpgradeWatch.Engine.Options;

/// <summary>How the built-in checklist is tailored (<c>checklist</c>).</summary>
public sealed record ChecklistOptions
{
    /// <summary>When true, a move is refused while required items are open, unless forced with a reason.</summary>
    public bool Enforce { get; init; }

    /// <summary>Changes to items by id, and items of one's own.</summary>
    public IReadOnlyList<ChecklistItemOptions> Items { get; init; } = [];
}

/// <summary>One entry of <c>checklist.items</c>.</summary>
public sealed record ChecklistItemOptions
{
    /// <summary>Id of a built-in item, or of a new one (<c>[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?</c>).</summary>
    public required string Id { get; init; }

    /// <summary>True takes a built-in item out.</summary>
    public bool Remove { get; init; }

    /// <summary>Title shown; null keeps the built-in one (a new item: its id).</summary>
    public string? Title { get; init; }

    /// <summary><c>pre-upgrade</c>, <c>upgrading</c> or <c>post-upgrade</c>: needed for a new item.</summary>
    public string? Phase { get; init; }

    /// <summary>Whether it must be done or skipped before the next phase; null keeps false.</summary>
    public bool? Required { get; init; }

    /// <summary>Who does it; null for nobody named.</summary>
    public string? Owner { get; init; }

    /// <summary>Note shown; null for none.</summary>
    public string? Note { get; init; }

    /// <summary>http or https link shown; null for none.</summary>
    public string? Link { get; init; }
}
