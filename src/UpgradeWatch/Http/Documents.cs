using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;
using UpgradeWatch.Engine.Watches;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http;

/// <summary>Turns what the engine knows into what the API says.</summary>
/// <param name="instance">What tells this UpgradeWatch from others.</param>
internal sealed class Documents(InstanceOptions instance)
{
    private const string MonitorMetrics = "monitor-metrics";

    /// <summary>Path of an upgrade.</summary>
    public static string PathOf(string upgradeId) => $"/api/v1/upgrades/{upgradeId}";

    /// <summary>An upgrade whose verdict is already as it is to be answered now.</summary>
    public UpgradeDocument Upgrade(Upgrade upgrade, IReadOnlyList<string>? warnings = null) => new()
    {
        Id = upgrade.Id,
        Revision = upgrade.Revision,
        Target = upgrade.Target,
        FromVersion = upgrade.FromVersion,
        ToVersion = upgrade.ToVersion,
        Phase = upgrade.Phase.ToText(),
        Open = upgrade.IsOpen,
        AllowedMoves = [.. PhaseMachine.AllowedFrom(upgrade.Phase).Select(p => p.ToText())],
        Owner = upgrade.Owner,
        PlannedDowntime = upgrade.PlannedDowntime is { } down ? new DowntimeWindow { From = down.From, Until = down.Until } : null,
        Links = upgrade.Links,
        CreatedAt = upgrade.CreatedAt,
        UpgradedAt = upgrade.UpgradedAt,
        History = [.. upgrade.History.Select(Phase)],
        BaselineWindow = upgrade.Baseline is { } baseline
            ? new WindowDocument { From = baseline.From, Until = baseline.Until, Closed = baseline.Until is not null }
            : null,
        HistoryWindow = upgrade.Past is { } past ? new WindowDocument { From = past.From, Until = past.Until, Closed = true } : null,
        LeftOut = [.. (upgrade.LeftOut?.Times ?? []).Select(left => new LeftOutDocument { From = left.From, Until = left.Until, Why = left.Why })],
        LeftOutTrouble = upgrade.LeftOut?.Trouble,
        ObservationWindow = upgrade.ObservedFrom is { } from
            ? new WindowDocument { From = from, Until = upgrade.WindowClosedAt ?? upgrade.WindowEndsAt, Closed = upgrade.WindowClosedAt is not null }
            : null,
        ObservationWindowSeconds = upgrade.ObservationSeconds,
        EvaluatedAt = upgrade.EvaluatedAt,
        Acknowledgements = [.. (upgrade.Acknowledgements ?? []).Select(said => AcknowledgementDocument.Of(said, FindingOf(upgrade, said)))],
        TimeToDetectSeconds = Finite(upgrade.TimeToDetectSeconds),
        TimeToRestoreSeconds = Finite(upgrade.TimeToRestoreSeconds),
        Restored = [.. (upgrade.Restored ?? []).Select(back => new RestoredDocument { Sli = back.Sli, Seconds = back.Seconds })],
        Checklist = [.. upgrade.Checklist.Select(item => Item(upgrade, item))],
        Changes = [.. (upgrade.Changes ?? []).Select(Change)],
        Verdict = Verdict(upgrade),
        Instance = instance.Labels,
        Warnings = warnings ?? [],
    };

    /// <summary>The verdict of an upgrade whose verdict is already as it is to be answered now.</summary>
    public VerdictDocument Verdict(Upgrade upgrade) => new()
    {
        UpgradeId = upgrade.Id,
        Target = upgrade.Target,
        FromVersion = upgrade.FromVersion,
        ToVersion = upgrade.ToVersion,
        Item = MonitorMetrics,
        Status = upgrade.Verdict.Status.ToText(),
        Code = upgrade.Verdict.Code,
        Flagged = upgrade.Verdict.Flagged,
        Final = upgrade.Verdict.Final,
        Phase = upgrade.Phase.ToText(),
        Summary = upgrade.Verdict.Summary,
        EvaluatedAt = upgrade.EvaluatedAt,
        ObservedFrom = upgrade.ObservedFrom,
        ObservedUntil = upgrade.Verdict.ObservedUntil,
        WindowEndsAt = upgrade.WindowClosedAt ?? upgrade.WindowEndsAt,
        Findings = [.. upgrade.Verdict.Findings.Select(Finding)],
        LeftOut = upgrade.Verdict.LeftOut,
        Instance = instance.Labels,
        Links = new VerdictLinks { Dashboard = upgrade.Links.GetValueOrDefault("dashboard") ?? instance.DashboardOf(upgrade.Target), Report = $"{PathOf(upgrade.Id)}/report" },
    };

    /// <summary>The checklist of an upgrade.</summary>
    public static ChecklistDocument Checklist(Upgrade upgrade) => new()
    {
        UpgradeId = upgrade.Id,
        Target = upgrade.Target,
        Phase = upgrade.Phase.ToText(),
        Items = [.. upgrade.Checklist.Select(item => Item(upgrade, item))],
    };

    /// <summary>One checklist item.</summary>
    public static ItemDocument Item(Upgrade upgrade, ChecklistItem item) => new()
    {
        Id = item.Id,
        Title = item.Title,
        Phase = item.Phase.ToText(),
        Status = item.Status.ToText(),
        Required = item.Required,
        Driven = item.Driven,
        Overridden = item.Overridden,
        Owner = item.Owner,
        Note = item.Note,
        Finding = item.Finding,
        Link = item.Link,
        ChangedBy = item.ChangedBy,
        ChangedAt = item.ChangedAt,
        Acknowledged = item.Id != MonitorMetrics ? [] :
            [.. upgrade.Verdict.Findings.Where(f => f.Acknowledged is not null).Select(f => AcknowledgementDocument.Of(f.Acknowledged!, f))],
    };

    /// <summary>The points of one SLI.</summary>
    public static SeriesDocument Series(Upgrade upgrade, Finding finding, SliSeries series) => new()
    {
        UpgradeId = upgrade.Id,
        Sli = finding.Sli,
        Unit = finding.Unit,
        StepSeconds = series.StepSeconds,
        UpgradedAt = upgrade.UpgradedAt,
        ExpectedLower = Finite(series.ExpectedLower),
        ExpectedUpper = Finite(series.ExpectedUpper),
        Baseline = [.. series.Baseline.Select(Point)],
        Observed = [.. series.Observed.Select(Point)],
    };

    /// <summary>One event.</summary>
    public static EventDocument Event(EngineEvent happened) => new()
    {
        Id = happened.Id,
        Type = happened.Type,
        At = happened.At,
        UpgradeId = happened.UpgradeId,
        Target = happened.Target,
        Subject = happened.Subject,
        State = happened.State,
        Code = happened.Code,
        Text = happened.Text,
    };

    private static PhaseDocument Phase(PhaseEntry entry) => new()
    {
        Phase = entry.Phase.ToText(),
        At = entry.At,
        RecordedAt = entry.RecordedAt,
        Reason = entry.Reason,
        By = entry.By,
        OpenItems = entry.OpenItems ?? [],
        Forced = entry.Forced,
    };

    private static ChangeDocument Change(ChangeEntry entry) => new()
    {
        At = entry.At,
        By = entry.By,
        What = entry.What,
        Subject = entry.Subject,
        State = entry.State,
        Reason = entry.Reason,
    };

    private static FindingDocument Finding(Finding finding) => new()
    {
        Sli = finding.Sli,
        Kind = finding.Kind.ToText(),
        Direction = finding.Direction.ToText(),
        Status = finding.Result.Status.ToText(),
        Code = finding.Code,
        Critical = finding.Critical,
        Baseline = Finite(finding.Result.Baseline),
        ExpectedLower = Finite(finding.Result.ExpectedLower),
        ExpectedUpper = Finite(finding.Result.ExpectedUpper),
        Current = Finite(finding.Result.Current),
        Unit = finding.Unit,
        ChangeRatio = Finite(finding.Result.ChangeRatio),
        ChangeLower = Finite(finding.Result.ChangeLower),
        ChangeUpper = Finite(finding.Result.ChangeUpper),
        PValue = Finite(finding.Result.PValue),
        Since = finding.Result.Since,
        Samples = new SamplesDocument { Baseline = finding.Result.BaselineSamples, Observed = finding.Result.ObservedSamples },
        Where = finding.Result.Where is { } where ? WhereDocument.Of(where) : null,
        Acknowledged = finding.Acknowledged is { } said ? AcknowledgementDocument.Of(said, finding) : null,
        Reason = finding.Result.Reason,
    };

    private static Finding? FindingOf(Upgrade upgrade, Acknowledgement said) => upgrade.Verdict.Findings.FirstOrDefault(f => f.Sli == said.Sli);

    private static PointDocument Point(SliPoint point) => new() { At = point.At, Value = Finite(point.Value) };

    // JSON has no word for NaN and infinity.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
