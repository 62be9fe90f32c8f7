using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Upgrades;

/// <summary>
/// One change of one upgrade while it is put together: the new state, and everything that has to be said because
/// of it, to be stored in one transaction.
/// </summary>
internal sealed class UpgradeChange(Upgrade upgrade, EngineOptions options, DateTimeOffset now)
{
    private readonly List<OutboxEntry> _outbox = [];
    private readonly List<EngineEvent> _events = [];

    public Upgrade Upgrade { get; private set; } = upgrade;

    public IReadOnlyList<OutboxEntry> Outbox => _outbox;

    public IReadOnlyList<EngineEvent> Events => _events;

    public StepBlock? Baseline { get; private set; }

    public FrozenHistory? History { get; private set; }

    public DateTimeOffset Now => now;

    public void Set(Func<Upgrade, Upgrade> change) => Upgrade = change(Upgrade);

    /// <summary>Keeps who did it with the change.</summary>
    public void Note(string? by, string what, string subject, string? state = null, string? reason = null) =>
        Upgrade = Upgrade with { Changes = ChangeEntry.Add(Upgrade.Changes, new ChangeEntry(now, by, what, subject, state, reason)) };

    /// <summary>Keeps the frozen baseline with the change, and what was left out of it.</summary>
    public void Freeze(StepBlock baseline, TimeWindow window, LeftOutTimes leftOut)
    {
        Baseline = baseline;
        Upgrade = Upgrade with { Baseline = window, LeftOut = leftOut };
    }

    /// <summary>Keeps the frozen history with the change.</summary>
    public void Freeze(FrozenHistory history, HistoryWindow window)
    {
        History = history;
        Upgrade = Upgrade with { Past = window };
    }

    /// <summary>Enters a phase: history, event, the end of the last region and the start of the next.</summary>
    public void Enter(PhaseEntry entry, bool first)
    {
        if (!first)
        {
            CloseRegions(entry.At);
            Upgrade = Upgrade with { History = [.. Upgrade.History, entry] };
        }

        if (entry.Phase.IsOpen()) OpenRegion(entry);
        Event("phase", entry.Phase.ToText(), entry.Phase.ToText(), null, entry.Reason);
    }

    /// <summary>Takes a new verdict over: events and points for what changed in it.</summary>
    /// <param name="verdict">The new verdict.</param>
    /// <param name="remark">What a person has just said about one of its findings; null for nothing.</param>
    public void Judge(Verdict verdict, string? remark = null)
    {
        var previous = Upgrade.Verdict;
        Upgrade = Upgrade with { Verdict = verdict };
        var turned = new List<(Finding, string)>();
        foreach (var finding in verdict.Findings)
        {
            var old = previous.Findings.FirstOrDefault(f => f.Sli == finding.Sli);
            if (old is not null && old.Result.Status == finding.Result.Status && old.Code == finding.Code && old.Acknowledged == finding.Acknowledged)
            {
                if (AnnotationRules.IsExplained(old.Result, finding.Result)) turned.Add((finding, finding.Result.Reason));
                continue;
            }

            var reason = Reason(old, finding, remark);
            Event("finding", finding.Sli, finding.Result.Status.ToText(), finding.Code, reason);
            if (AnnotationRules.IsTurn(old, finding)) turned.Add((finding, reason));
        }

        var isSame = VerdictPolicy.SameForReaders(previous, verdict);
        if (!isSame) Event("verdict", null, verdict.Status.ToText(), verdict.Code, verdict.Summary);
        Point(verdict, turned, !isSame && AnnotationRules.IsWorthAPoint(previous, verdict));
    }

    /// <summary>Tells something about an SLI that has no finding yet.</summary>
    public void Tell(string sli, FindingStatus status, string code, string text) => Event("finding", sli, status.ToText(), code, text);

    /// <summary>Sets the checklist and tells what changed in it.</summary>
    public void SetChecklist(IReadOnlyList<ChecklistItem> checklist)
    {
        foreach (var item in checklist)
        {
            var old = Upgrade.Checklist.FirstOrDefault(i => i.Id == item.Id);
            if (old?.Status != item.Status) Event("checklist", item.Id, item.Status.ToText(), null, item.Finding ?? item.Note);
        }

        Upgrade = Upgrade with { Checklist = checklist };
    }

    private void Event(string type, string? subject, string state, string? code, string? text) => _events.Add(new EngineEvent
    {
        Type = type,
        At = now,
        UpgradeId = Upgrade.Id,
        Target = Upgrade.Target,
        Subject = subject,
        State = state,
        Code = code,
        Text = text,
    });

    private void OpenRegion(PhaseEntry entry)
    {
        var phase = entry.Phase.ToText();
        var key = NextKey("phase", phase);
        Upgrade = Upgrade with { OpenRegions = new Dictionary<string, string>(Upgrade.OpenRegions) { [phase] = key } };
        var text = $"{Upgrade.Target} {AnnotationRules.Versions(Upgrade)}: {phase}";
        Say(OutboxAction.Open, key, entry.At, entry.Reason is null ? text : $"{text} ({entry.Reason})", $"phase:{phase}");
    }

    private void CloseRegions(DateTimeOffset at)
    {
        foreach (var (phase, key) in Upgrade.OpenRegions)
        {
            Say(OutboxAction.Close, key, at, $"{Upgrade.Target} {AnnotationRules.Versions(Upgrade)}: {phase}", $"phase:{phase}");
        }

        Upgrade = Upgrade with { OpenRegions = new Dictionary<string, string>() };
    }

    // What a person did comes first, then what is found.
    private static string Reason(Finding? old, Finding now, string? remark) =>
        !AnnotationRules.IsAcknowledgement(old, now) ? now.Result.Reason
        : now.Acknowledged is { } said ? $"{said.Sentence()} {now.Result.Reason}"
        : $"{remark ?? "The acknowledgement has run out."} {now.Result.Reason}";

    // One for all that an evaluation changed. What is too much for an hour is made up for with how it stands then.
    private void Point(Verdict verdict, List<(Finding Finding, string Reason)> turned, bool isVerdict)
    {
        if (options.AnnotatesPhasesAlone) return;
        var isLate = Upgrade.HeldBack;
        if (turned.Count == 0 && !isVerdict && !isLate) return;
        var recent = (Upgrade.PointsAt ?? []).Where(at => at <= now && now - at < TimeSpan.FromHours(1)).ToList();
        if (recent.Count >= AnnotationRules.MostAnHour - (verdict.Final ? 0 : 1))
        {
            Upgrade = Upgrade with { HeldBack = true };
            return;
        }

        Upgrade = Upgrade with { PointsAt = [.. recent, now], HeldBack = false };
        if (isLate) turned = [.. verdict.Findings.Where(f => AnnotationRules.IsBad(f.Result)).Select(f => (f, f.Result.Reason))];
        var text = PointText.Of(Upgrade, isVerdict || isLate ? verdict : null, turned, isLate);
        if (isVerdict || isLate) Say(OutboxAction.Point, NextKey("verdict", ""), now, text, $"phase:{Upgrade.Phase.ToText()}");
        else Say(OutboxAction.Point, NextKey("finding", turned[0].Finding.Sli), now, text, $"sli:{turned[0].Finding.Sli}");
    }

    private string NextKey(string kind, string subject)
    {
        var key = OutboxKeys.Make(Upgrade.Id, kind, subject, Upgrade.NextSequence);
        Upgrade = Upgrade with { NextSequence = Upgrade.NextSequence + 1 };
        return key;
    }

    private void Say(OutboxAction action, string key, DateTimeOffset at, string text, string tag)
    {
        foreach (var sink in options.AnnotationSinks)
        {
            _outbox.Add(new OutboxEntry
            {
                Sink = sink,
                Action = action,
                Key = key,
                UpgradeId = Upgrade.Id,
                At = at,
                Text = text,
                Tags = AnnotationRules.Tags(Upgrade, tag, key, options.Instance),
                NextAttemptAt = now,
            });
        }
    }
}
