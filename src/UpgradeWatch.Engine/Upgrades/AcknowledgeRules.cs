using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Verdicts;
using UpgradeWatch.Engine.Watches;

namespace UpgradeWatch.Engine.Upgrades;

/// <summary>When a finding may be acknowledged, and what that does to the verdict.</summary>
internal static class AcknowledgeRules
{
    /// <summary>The refusal of anything that is to be said about an SLI; null when it may be said.</summary>
    public static Refusal? CheckSli(Upgrade upgrade, string sli)
    {
        if (!upgrade.IsOpen)
        {
            return new Refusal(RefusalKind.Conflict, $"upgrade {upgrade.Id} is {upgrade.Phase.ToText()}; findings can be acknowledged only while an upgrade is open");
        }

        if (upgrade.Verdict.Final)
        {
            return new Refusal(RefusalKind.Conflict, $"the verdict on upgrade {upgrade.Id} is final ({upgrade.Verdict.Status.ToText()}); an acknowledgement would not change it any more");
        }

        if (upgrade.Plan is not { } plan)
        {
            return new Refusal(RefusalKind.Conflict, $"it is not known yet what is measured on target '{upgrade.Target}', because its source has not been read; try again when the verdict names findings");
        }

        string[] known = [.. plan.Slis.Select(s => s.Name)];
        return known.Contains(sli)
            ? null
            : new Refusal(RefusalKind.NotFound, $"upgrade {upgrade.Id} has no SLI '{(sli.Length > 80 ? sli[..80] : sli)}'; known: {string.Join(", ", known)}") { Field = "sli", Known = known };
    }

    /// <summary>What is wrong with the reason or the time of an acknowledgement; null when nothing is.</summary>
    public static Refusal? Check(AcknowledgeCommand command, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(command.Reason))
        {
            return new Refusal(RefusalKind.Invalid, "reason is empty; say why the finding is to be left out, because it is shown with the verdict") { Field = "reason" };
        }

        return command.Until is { } until && until <= now
            ? new Refusal(RefusalKind.Invalid, $"until '{MomentRules.Show(until)}' is not in the future; it must be after now ('{MomentRules.Show(now)}'), or be left out") { Field = "until" }
            : null;
    }

    /// <summary>Takes an SLI out of deciding.</summary>
    /// <param name="change">Where it is done.</param>
    /// <param name="said">By whom, and why.</param>
    /// <param name="isFresh">Whether it has been looked lately; otherwise the next look decides.</param>
    public static void Acknowledge(UpgradeChange change, Acknowledgement said, bool isFresh)
    {
        change.Set(u => u with { Acknowledgements = [.. Others(u, said.Sli), said] });
        change.Note(said.By, "acknowledge", said.Sli, reason: said.Reason);
        Decide(change, said.Sli, said.Sentence(), isFresh);
    }

    /// <summary>Has an SLI decide again.</summary>
    /// <param name="change">Where it is done.</param>
    /// <param name="sli">Name of the SLI.</param>
    /// <param name="by">Who said so; null when not known.</param>
    /// <param name="isFresh">Whether it has been looked lately; otherwise the next look decides.</param>
    public static void Withdraw(UpgradeChange change, string sli, string? by, bool isFresh)
    {
        change.Note(by, "withdraw", sli);
        change.Set(u => u with { Acknowledgements = Others(u, sli) is { Count: > 0 } left ? left : null });
        Decide(change, sli, $"The acknowledgement was taken back by {by ?? "somebody"}.", isFresh);
    }

    // What has been found stays as it is, and so does when it was looked at: only who decides is new.
    private static void Decide(UpgradeChange change, string sli, string remark, bool isFresh)
    {
        var (upgrade, verdict) = (change.Upgrade, change.Upgrade.Verdict);
        if (!verdict.Findings.Any(f => f.Sli == sli))
        {
            var code = upgrade.AcknowledgementOf(sli, change.Now) is null ? FindingCodes.None : FindingCodes.Acknowledged;
            change.Tell(sli, FindingStatus.Pending, code, remark);
            return;
        }

        var decided = VerdictRules.Decide(upgrade, verdict.Findings, verdict.LeftOut, verdict.ObservedUntil, verdict.BaselineUnhealthy, closed: false, change.Now);
        VerdictRules.Apply(change, isFresh ? decided : verdict with { Findings = decided.Findings }, HealthReport.Unknown, close: false, remark);
    }

    private static List<Acknowledgement> Others(Upgrade upgrade, string sli) => [.. (upgrade.Acknowledgements ?? []).Where(a => a.Sli != sli)];
}
