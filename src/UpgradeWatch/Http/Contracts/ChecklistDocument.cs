namespace UpgradeWatch.Http.Contracts;

/// <summary>The checklist of an upgrade.</summary>
internal sealed record ChecklistDocument
{
    /// <summary>The upgrade.</summary>
    public required string UpgradeId { get; init; }

    /// <summary>Its target.</summary>
    public required string Target { get; init; }

    /// <summary>The phase it is in.</summary>
    public required string Phase { get; init; }

    /// <summary>The items in their order.</summary>
    public required IReadOnlyList<ItemDocument> Items { get; init; }
}

/// <summary>One checklist item.</summary>
internal sealed record ItemDocument
{
    /// <summary>Its id, for instance monitor-metrics.</summary>
    public required string Id { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>The phase it belongs to: pre-upgrade, upgrading or post-upgrade.</summary>
    public required string Phase { get; init; }

    /// <summary>pending, in-progress, done, flagged or skipped.</summary>
    public required string Status { get; init; }

    /// <summary>Whether it must be done or skipped before the next phase.</summary>
    public required bool Required { get; init; }

    /// <summary>Whether UpgradeWatch sets it; people can then change it only with an override and a reason.</summary>
    public required bool Driven { get; init; }

    /// <summary>Whether a person has overridden it.</summary>
    public required bool Overridden { get; init; }

    /// <summary>Who does it; null for nobody named.</summary>
    public required string? Owner { get; init; }

    /// <summary>Note; null for none.</summary>
    public required string? Note { get; init; }

    /// <summary>What UpgradeWatch has found, for an item that it sets itself.</summary>
    public required string? Finding { get; init; }

    /// <summary>Link; null for none.</summary>
    public required string? Link { get; init; }

    /// <summary>Who changed it last; null for nobody yet.</summary>
    public required string? ChangedBy { get; init; }

    /// <summary>When it was changed last; null for never.</summary>
    public required DateTimeOffset? ChangedAt { get; init; }

    /// <summary>On monitor-metrics: the findings that people have taken out of deciding it; empty on others.</summary>
    public required IReadOnlyList<AcknowledgementDocument> Acknowledged { get; init; }
}
