using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Watches;

/// <summary>What a new verdict does to its upgrade.</summary>
internal static class VerdictRules
{
    /// <summary>Takes a verdict over, and closes the window with it when it is over.</summary>
    public static void Apply(UpgradeChange change, Verdict verdict, TargetHealth health, bool close)
    {
        change.Judge(verdict);
        if (verdict.Status == FindingStatus.Fail && change.Upgrade.TimeToDetectSeconds is null)
        {
            change.Set(u => u with { TimeToDetectSeconds = (change.Now - u.UpgradedAt!.Value).TotalSeconds });
        }

        if (close)
        {
            change.Set(u => u with { WindowClosedAt = change.Now, Unhealthy = UnhealthyAfter(u, verdict) });
            if (change.Upgrade is { Phase: Phase.PostUpgrade, Evaluation.AutoComplete: true })
            {
                change.Enter(new PhaseEntry(Phase.Completed, change.Now, change.Now, "the observation window closed", "upgradewatch"), first: false);
            }
        }

        change.SetChecklist(ChecklistRules.Drive(change.Upgrade, health, change.Now));
    }

    // A version that failed and stayed is nothing to compare the next one with; one that recovered was unwell until then.
    private static TimeWindow? UnhealthyAfter(Upgrade upgrade, Verdict verdict) =>
        verdict.Status == FindingStatus.Fail ? new TimeWindow(upgrade.UpgradedAt!.Value, null)
        : upgrade.TimeToDetectSeconds is not null ? new TimeWindow(upgrade.UpgradedAt!.Value, verdict.ObservedUntil)
        : upgrade.Unhealthy;
}
