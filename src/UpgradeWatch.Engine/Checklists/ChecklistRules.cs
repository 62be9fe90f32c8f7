using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Checklists;

/// <summary>What may be done with a checklist, and what UpgradeWatch does with it by itself.</summary>
public static class ChecklistRules
{
    /// <summary>Ids of the required items of earlier phases that are neither done nor skipped when an upgrade moves on.</summary>
    public static IReadOnlyList<string> OpenItems(IReadOnlyList<ChecklistItem> checklist, Phase movingTo) => [];

    /// <summary>The checklist after a person's change, or why it is refused.</summary>
    public static (IReadOnlyList<ChecklistItem>? Items, Refusal? Refusal) Change(
        IReadOnlyList<ChecklistItem> checklist, string itemId, ChecklistCommand command, DateTimeOffset now) => (checklist, null);

    /// <summary>The checklist with the items that UpgradeWatch drives set by what it knows; the same list when nothing changes.</summary>
    public static IReadOnlyList<ChecklistItem> Drive(Upgrade upgrade, TargetHealth health, DateTimeOffset now) => upgrade.Checklist;
}
