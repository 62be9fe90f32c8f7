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
    /// <param name="health">How the target's instances are.</param>
    /// <param name="at">Now.</param>
    public static IReadOnlyList<ChecklistItem> Drive(Upgrade upgrade, HealthReport health, DateTimeOffset at)
    {
        var changed = false;
        var items = new ChecklistItem[upgrade.Checklist.Count];
        for (var index = 0; index < items.Length; index++)
        {
            var item = upgrade.Checklist[index];
            var driven = item is { Driven: true, Overridden: false } ? item with { Status = Status(item, upgrade, health.Health) } : item;
            if (driven is { Id: ItemIds.HealthCheck, Driven: true, Overridden: false }) driven = driven with { Finding = Found(item, driven.Status, health, at) };
            items[index] = driven.Status == item.Status ? driven : driven with { ChangedBy = Name, ChangedAt = at };
            changed |= items[index] != item;
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

    // What was wrong is still told when it is over.
    private static string? Found(ChecklistItem before, ItemStatus now, HealthReport health, DateTimeOffset at)
    {
        if (now == ItemStatus.Flagged) return health.Troubles.Count > 0 ? Bounded(string.Join(' ', health.Troubles)) : before.Finding;
        var isOver = before is { Status: ItemStatus.Flagged, Finding: not null };
        return isOver ? Bounded($"Well again at {at.UtcDateTime:HH:mm:ss} UTC. Before that: {before.Finding}") : before.Finding;
    }

    private static string Bounded(string text) => text.Length > ItemLimits.Note ? text[..ItemLimits.Note] : text;

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
