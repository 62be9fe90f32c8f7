using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Checklists;

/// <summary>The state of a checklist item.</summary>
public enum ItemStatus
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Being done.</summary>
    InProgress,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Something is wrong.</summary>
    Flagged,

    /// <summary>Not needed this time.</summary>
    Skipped,
}

/// <summary>One item of an upgrade's checklist.</summary>
public sealed record ChecklistItem
{
    /// <summary>Id, for instance <c>monitor-metrics</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Title for people.</summary>
    public required string Title { get; init; }

    /// <summary>The phase it belongs to: pre-upgrade, upgrading or post-upgrade.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Its state.</summary>
    public ItemStatus Status { get; init; }

    /// <summary>Whether it must be done or skipped before the next phase.</summary>
    public bool Required { get; init; }

    /// <summary>Whether UpgradeWatch sets it; people can then change it only with an override and a reason.</summary>
    public bool Driven { get; init; }

    /// <summary>Whether a person has overridden it: UpgradeWatch leaves it alone from then on.</summary>
    public bool Overridden { get; init; }

    /// <summary>Who does it; null for nobody named.</summary>
    public string? Owner { get; init; }

    /// <summary>Note; null for none.</summary>
    public string? Note { get; init; }

    /// <summary>What UpgradeWatch has found, for an item that it sets; null for nothing.</summary>
    public string? Finding { get; init; }

    /// <summary>Link; null for none.</summary>
    public string? Link { get; init; }

    /// <summary>Who changed it last; <c>upgradewatch</c> for itself, null for nobody yet.</summary>
    public string? ChangedBy { get; init; }

    /// <summary>When it was changed last; null for never.</summary>
    public DateTimeOffset? ChangedAt { get; init; }
}

/// <summary>The names of the item states as they are written everywhere.</summary>
public static class ItemStatusNames
{
    private static readonly string[] Names = ["pending", "in-progress", "done", "flagged", "skipped"];

    /// <summary>All names in the order of <see cref="ItemStatus"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of a state.</summary>
    public static string ToText(this ItemStatus status) => Names[(int)status];

    /// <summary>Finds the state of a name.</summary>
    public static bool TryParse(string? text, out ItemStatus status)
    {
        var index = Array.IndexOf(Names, text);
        status = index < 0 ? default : (ItemStatus)index;
        return index >= 0;
    }
}
