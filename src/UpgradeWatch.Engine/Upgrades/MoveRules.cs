using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Upgrades;

/// <summary>When an upgrade may move, and what a move does to its verdict.</summary>
internal static class MoveRules
{
    /// <summary>Whether a move may be made, and which required checklist items are open then.</summary>
    public static (Refusal? Refusal, IReadOnlyList<string> OpenItems) Check(Upgrade upgrade, AdvanceCommand command, bool enforce, DateTimeOffset now)
    {
        if (PhaseMachine.Check(upgrade.Phase, command.Phase) is { } refusal) return (refusal, []);
        if (MomentRules.Check(command.At ?? now, now, command.At is null ? null : upgrade.History[^1], upgrade.Evaluation.HistorySeconds) is { } badTime)
        {
            return (badTime, []);
        }

        // Nobody is kept from going back by an unfinished list.
        IReadOnlyList<string> open = command.Phase is Phase.Aborted or Phase.RollingBack or Phase.RolledBack ? [] : ChecklistRules.OpenItems(upgrade.Checklist, command.Phase);
        if (open.Count == 0 || !enforce) return (null, open);
        if (!command.Force) return (Open(open, $"required checklist items are open: {string.Join(", ", open)}; finish or skip them, or give force: true with a reason"), open);
        return string.IsNullOrWhiteSpace(command.Reason)
            ? (Open(open, "force: true needs a reason, because it is recorded who overrode the checklist and why"), open)
            : (null, open);
    }

    /// <summary>
    /// Whether a move makes a good verdict final: then it must be one that holds now. A failure needs no fresh look to stand.
    /// </summary>
    public static bool MakesFinal(Upgrade upgrade, Phase to) =>
        to is Phase.Completed or Phase.RollingBack && upgrade.Verdict is { Final: false, Status: FindingStatus.Pass or FindingStatus.Warn };

    /// <summary>The refusal of a late rollback while a newer upgrade of the target is open.</summary>
    public static Refusal OtherOpen(Upgrade upgrade, Upgrade open) => new(
        RefusalKind.Conflict,
        $"upgrade {upgrade.Id} to '{upgrade.ToVersion}' has ended, and target '{open.Target}' is being upgraded to '{open.ToVersion}' (upgrade {open.Id}, {open.Phase.ToText()}); end that one first")
    {
        OpenUpgradeId = open.Id,
    };

    /// <summary>Makes a move that may be made.</summary>
    public static void Apply(UpgradeChange change, AdvanceCommand command, IReadOnlyList<string> openItems)
    {
        var upgrade = change.Upgrade;
        var at = Later(command.At ?? change.Now, upgrade.History[^1].At);
        var entry = new PhaseEntry(command.Phase, at, change.Now, command.Reason, command.By, openItems.Count == 0 ? null : openItems, command.Force && openItems.Count > 0);
        var verdict = VerdictAtMove(upgrade, command.Phase);
        change.Note(command.By, entry.Forced ? "force" : "phase", command.Phase.ToText(), reason: command.Reason);
        Move(change, entry, verdict);
    }

    /// <summary>Closes an upgrade because a newer one of the same target begins.</summary>
    public static void Supersede(UpgradeChange change, Upgrade by)
    {
        var at = Later(by.History[0].At, change.Upgrade.History[^1].At);
        var entry = new PhaseEntry(Phase.Aborted, at, change.Now, $"superseded by upgrade {by.Id} to {by.ToVersion}", by.History[0].By);
        change.Note(entry.By, "phase", Phase.Aborted.ToText(), reason: entry.Reason);
        Move(change, entry, End(change.Upgrade.Verdict, FindingStatus.Inconclusive, FindingCodes.Superseded, $"Superseded by the upgrade to {by.ToVersion} before it was judged to the end."));
    }

    private static void Move(UpgradeChange change, PhaseEntry entry, Verdict verdict)
    {
        change.Enter(entry, first: false);
        change.Judge(verdict);
        change.Set(upgrade => upgrade with { Unhealthy = UnhealthyFrom(upgrade) ?? upgrade.Unhealthy });
        change.SetChecklist(ChecklistRules.Drive(change.Upgrade, HealthReport.Unknown, change.Now));
    }

    private static Verdict VerdictAtMove(Upgrade upgrade, Phase to) => to switch
    {
        Phase.Completed => upgrade.Verdict.Status == FindingStatus.Pending
            ? End(upgrade.Verdict, FindingStatus.Inconclusive, FindingCodes.TooLittleData, "Completed by hand before enough had been seen to judge.")
            : End(upgrade.Verdict, upgrade.Verdict.Status, upgrade.Verdict.Code, upgrade.Verdict.Summary),
        Phase.RollingBack => upgrade.Verdict.Status == FindingStatus.Pending
            ? End(upgrade.Verdict, FindingStatus.Inconclusive, FindingCodes.RolledBack, "Rolled back before enough had been seen to judge.")
            : End(upgrade.Verdict, upgrade.Verdict.Status, upgrade.Verdict.Code, upgrade.Verdict.Summary),
        Phase.Aborted => End(upgrade.Verdict, FindingStatus.Inconclusive, FindingCodes.Aborted, "Aborted before it was judged to the end."),
        _ => upgrade.Verdict,
    };

    // A verdict that is final stays as it is, whatever happens to the upgrade afterwards.
    private static Verdict End(Verdict verdict, FindingStatus status, string code, string summary) =>
        verdict.Final ? verdict : verdict with { Status = status, Code = code, Summary = summary, Final = true };

    private static TimeWindow? UnhealthyFrom(Upgrade upgrade)
    {
        if (upgrade.UpgradedAt is not { } from || upgrade.Unhealthy is not null) return null;
        var bad = upgrade.Phase is Phase.RollingBack or Phase.Aborted || (upgrade.Phase == Phase.Completed && upgrade.Verdict.Status == FindingStatus.Fail);
        return bad ? new TimeWindow(from, null) : null;
    }

    private static Refusal Open(IReadOnlyList<string> items, string detail) => new(RefusalKind.Conflict, detail) { OpenItems = items };

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
