using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Checklists;

/// <summary>Sets the items that UpgradeWatch knows the state of, unless a person has overridden them.</summary>
internal static class ChecklistDriver
{
    /// <summary>Name under which UpgradeWatch changes items.</summary>
    public const string Name = "upgradewatch";

    /// <summary>The checklist as it should be now; the same list when nothing changes.</summary>
    /// <param name="upgrade">The upgrade with its newest phase and verdict.</param>
    /// <param name="health">Whether the target is up.</param>
    /// <param name="at">Now.</param>
    public static IReadOnlyList<ChecklistItem> Drive(Upgrade upgrade, TargetHealth health, DateTimeOffset at)
    {
        var changed = false;
        var items = new ChecklistItem[upgrade.Checklist.Count];
        for (var index = 0; index < items.Length; index++)
        {
            var item = upgrade.Checklist[index];
            var status = item is { Driven: true, Overridden: false } ? Status(item, upgrade, health) : item.Status;
            items[index] = status == item.Status ? item : item with { Status = status, ChangedBy = Name, ChangedAt = at };
            changed |= status != item.Status;
        }

        return changed ? items : upgrade.Checklist;
    }

    private static ItemStatus Status(ChecklistItem item, Upgrade upgrade, TargetHealth health) => item.Id switch
    {
        ItemIds.IdentifyScope => Scope(upgrade),
        ItemIds.ExecuteUpgrade => Execution(upgrade),
        ItemIds.HealthCheck => Health(item.Status, upgrade.Phase, health),
        ItemIds.MonitorMetrics => Metrics(upgrade),
        ItemIds.PostImplementationReview => upgrade.Verdict.Final ? ItemStatus.Done : ItemStatus.Pending,
        _ => item.Status,
    };

    private static ItemStatus Scope(Upgrade upgrade) =>
        string.IsNullOrWhiteSpace(upgrade.FromVersion) || string.IsNullOrWhiteSpace(upgrade.ToVersion) ? ItemStatus.Pending : ItemStatus.Done;

    // An upgrade that is taken back, or given up halfway, was not executed as planned: that is worth a flag.
    private static ItemStatus Execution(Upgrade upgrade) => upgrade.Phase switch
    {
        Phase.PreUpgrade => ItemStatus.Pending,
        Phase.Upgrading => ItemStatus.InProgress,
        Phase.PostUpgrade or Phase.Completed => ItemStatus.Done,
        Phase.Aborted when upgrade.UpgradedAt is null => ItemStatus.Skipped,
        Phase.Aborted when upgrade.ObservedFrom is not null && !WasTakenBack(upgrade) => ItemStatus.Done,
        _ => ItemStatus.Flagged,
    };

    private static ItemStatus Health(ItemStatus current, Phase phase, TargetHealth health) => (phase, health) switch
    {
        (Phase.PreUpgrade, _) => ItemStatus.Pending,
        (Phase.Upgrading or Phase.PostUpgrade, TargetHealth.Down) => ItemStatus.Flagged,
        (Phase.Upgrading, TargetHealth.Up) => ItemStatus.InProgress,
        (Phase.PostUpgrade, TargetHealth.Up) => ItemStatus.Done,

        // Nothing new is known: a flag stays, and so does what was seen before.
        (Phase.Upgrading, _) when current == ItemStatus.Pending => ItemStatus.InProgress,
        _ => current,
    };

    /// <summary>
    /// Flagged exactly while the verdict is <c>fail</c>. A final verdict that is inconclusive leaves the item pending:
    /// nothing was found and nothing was cleared, so that a person has to look and say so.
    /// </summary>
    private static ItemStatus Metrics(Upgrade upgrade)
    {
        var verdict = upgrade.Verdict;
        if (verdict.Flagged) return ItemStatus.Flagged;
        if (verdict.Final) return verdict.Status is FindingStatus.Pass or FindingStatus.Warn ? ItemStatus.Done : ItemStatus.Pending;

        return upgrade.UpgradedAt is null ? ItemStatus.Pending : ItemStatus.InProgress;
    }

    private static bool WasTakenBack(Upgrade upgrade) => upgrade.History.Any(entry => entry.Phase == Phase.RollingBack);
}
