using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Watches;

/// <summary>What a new verdict does to its upgrade.</summary>
internal static class VerdictRules
{
    /// <summary>The verdict that follows from findings, as an upgrade stands: acknowledged ones are out of it.</summary>
    public static Verdict Decide(
        Upgrade upgrade, IReadOnlyList<Finding> findings, IReadOnlyList<string> leftOut, DateTimeOffset? observedUntil, bool baselineUnhealthy, bool closed, DateTimeOffset now)
    {
        IReadOnlyList<Finding> marked = [.. findings.Select(finding => finding with { Acknowledged = upgrade.AcknowledgementOf(finding.Sli, now) })];
        var facts = new VerdictFacts(
            upgrade.ObservedFrom is not null,
            WindowRules.MinimumReached(upgrade, observedUntil),
            closed,
            baselineUnhealthy,
            upgrade.HasFailed(now),
            VerdictText.Pass(marked, leftOut, upgrade.ObservedFrom, WindowRules.Watched(upgrade, observedUntil)));
        return VerdictPolicy.Decide(marked, facts) with { ObservedUntil = observedUntil, LeftOut = leftOut };
    }

    /// <summary>Takes a verdict over, and closes the window with it when it is over.</summary>
    /// <param name="change">Where it is taken over.</param>
    /// <param name="verdict">The new verdict.</param>
    /// <param name="health">How the target's instances are.</param>
    /// <param name="close">Whether the window is over.</param>
    /// <param name="remark">What a person has just said about one of its findings; null for nothing.</param>
    public static void Apply(UpgradeChange change, Verdict verdict, HealthReport health, bool close, string? remark = null)
    {
        change.Judge(verdict, remark);
        if (verdict.Status == FindingStatus.Fail) NoteFailed(change, verdict);
        if (close)
        {
            change.Set(u => u with { WindowClosedAt = change.Now, Unhealthy = UnhealthyAfter(u, verdict, change.Now) });
            if (change.Upgrade is { Phase: Phase.PostUpgrade, Evaluation.AutoComplete: true })
            {
                change.Enter(new PhaseEntry(Phase.Completed, change.Now, change.Now, "the observation window closed", "upgradewatch"), first: false);
            }
        }

        change.SetChecklist(ChecklistRules.Drive(change.Upgrade, health, change.Now));
    }

    /// <summary>Keeps since when, and because of which SLIs, it has failed.</summary>
    private static void NoteFailed(UpgradeChange change, Verdict verdict)
    {
        var failed = verdict.Findings.Where(f => f is { Critical: true, Acknowledged: null, Result.Status: FindingStatus.Fail }).Select(f => f.Sli);
        change.Set(u => u with
        {
            TimeToDetectSeconds = u.TimeToDetectSeconds ?? (change.Now - u.UpgradedAt!.Value).TotalSeconds,
            FailedSlis = [.. (u.FailedSlis ?? []).Union(failed)],
        });
    }

    // A version that failed and stayed is nothing to compare the next one with; one that recovered was unwell until then.
    private static TimeWindow? UnhealthyAfter(Upgrade upgrade, Verdict verdict, DateTimeOffset now) =>
        verdict.Status == FindingStatus.Fail ? new TimeWindow(upgrade.UpgradedAt!.Value, null)
        : upgrade.HasFailed(now) ? new TimeWindow(upgrade.UpgradedAt!.Value, verdict.ObservedUntil)
        : upgrade.Unhealthy;
}
