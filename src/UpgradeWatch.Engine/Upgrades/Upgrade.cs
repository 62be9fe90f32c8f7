using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Pipelines;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Upgrades;

/// <summary>One change of one target from a version to another, whole, as it is stored. Immutable.</summary>
public sealed record Upgrade
{
    /// <summary>ULID: sorts by the time of its creation.</summary>
    public required string Id { get; init; }

    /// <summary>Counts the changes of this record; starts at 1.</summary>
    public required long Revision { get; init; }

    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>Version before; null when not told.</summary>
    public string? FromVersion { get; init; }

    /// <summary>Version after.</summary>
    public required string ToVersion { get; init; }

    /// <summary>Who is responsible; null when not told.</summary>
    public string? Owner { get; init; }

    /// <summary>When it is planned to be down; null for never.</summary>
    public PlannedDowntime? PlannedDowntime { get; init; }

    /// <summary>Links given by people, by name.</summary>
    public IReadOnlyDictionary<string, string> Links { get; init; } = new Dictionary<string, string>();

    /// <summary>Length of the observation window in seconds.</summary>
    public required double ObservationSeconds { get; init; }

    /// <summary>The evaluation settings it began with: a later change of the configuration does not move what is compared.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>When it was recorded.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The phases it went through, oldest first; at least one.</summary>
    public required IReadOnlyList<PhaseEntry> History { get; init; }

    /// <summary>The checklist.</summary>
    public required IReadOnlyList<ChecklistItem> Checklist { get; init; }

    /// <summary>The verdict of the newest evaluation.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What people have said about single SLIs, at most one for each, also when it does not hold any more; null for nothing.</summary>
    public IReadOnlyList<Acknowledgement>? Acknowledgements { get; init; }

    /// <summary>The SLIs that have made the verdict <c>fail</c>, also when they are back inside their bands; null for none.</summary>
    public IReadOnlyList<string>? FailedSlis { get; init; }

    /// <summary>When it was last evaluated; null for never.</summary>
    public DateTimeOffset? EvaluatedAt { get; init; }

    /// <summary>When the observation window really closed; null while it is open.</summary>
    public DateTimeOffset? WindowClosedAt { get; init; }

    /// <summary>What is asked of the source; null until it could be worked out.</summary>
    public TargetPlan? Plan { get; init; }

    /// <summary>The baseline window; null until it is frozen.</summary>
    public TimeWindow? Baseline { get; init; }

    /// <summary>What is left out of the baseline and the history; null until the baseline is frozen.</summary>
    public LeftOutTimes? LeftOut { get; init; }

    /// <summary>The history that is frozen; null until it has been read.</summary>
    public HistoryWindow? Past { get; init; }

    /// <summary>Time from the first <c>fail</c> on, for the metric: seconds from the time of the upgrade; null for none.</summary>
    public double? TimeToDetectSeconds { get; init; }

    /// <summary>Seconds from the roll-back until every SLI was back inside its band; null when not (yet).</summary>
    public double? TimeToRestoreSeconds { get; init; }

    /// <summary>The SLIs that were back inside their bands after the roll-back, in the order in which they came back; null for none.</summary>
    public IReadOnlyList<RestoredSli>? Restored { get; init; }

    /// <summary>Time that later baselines of the target leave out because of this upgrade; null for none, open end while it lasts.</summary>
    public TimeWindow? Unhealthy { get; init; }

    /// <summary>Sequence number of the next outbox entry of this upgrade.</summary>
    public int NextSequence { get; init; } = 1;

    /// <summary>When it has made points outside within the last hour: bounded, so that a flapping SLI floods nobody; null for none.</summary>
    public IReadOnlyList<DateTimeOffset>? PointsAt { get; init; }

    /// <summary>Whether something was not said outside because enough had been said, and is to be made up for.</summary>
    public bool HeldBack { get; init; }

    /// <summary>Keys of the annotation regions that are open, by phase name.</summary>
    public IReadOnlyDictionary<string, string> OpenRegions { get; init; } = new Dictionary<string, string>();

    /// <summary>Who changed what, oldest first; null in one that was stored by a version that did not keep it.</summary>
    public IReadOnlyList<ChangeEntry>? Changes { get; init; }

    /// <summary>The changes that tools have named this upgrade by, at most one for each thing of a tool, besides what it was before that was told; null for none.</summary>
    public IReadOnlyList<PipelineChange>? Pipelines { get; init; }

    /// <summary>The phase it is in.</summary>
    public Phase Phase => History[^1].Phase;

    /// <summary>Whether it is open: every phase but completed, rolled-back and aborted.</summary>
    public bool IsOpen => Phase.IsOpen();

    /// <summary>The time of the upgrade: the start of <c>upgrading</c>, or of the first later phase when begun there; null before.</summary>
    public DateTimeOffset? UpgradedAt => FirstOf(Phase.Upgrading) ?? FirstOf(Phase.PostUpgrade);

    /// <summary>When <c>post-upgrade</c> began; null before.</summary>
    public DateTimeOffset? ObservedFrom => FirstOf(Phase.PostUpgrade);

    /// <summary>When the observation window is planned to end; null before <c>post-upgrade</c>.</summary>
    public DateTimeOffset? WindowEndsAt => ObservedFrom?.AddSeconds(ObservationSeconds);

    /// <summary>What a person has said about an SLI, as far as it holds at a time; null for nothing.</summary>
    public Acknowledgement? AcknowledgementOf(string sli, DateTimeOffset now)
    {
        foreach (var said in Acknowledgements ?? [])
        {
            if (said.Sli == sli && said.HoldsAt(now)) return said;
        }

        return null;
    }

    /// <summary>Whether its verdict has been <c>fail</c> because of an SLI that is not acknowledged now.</summary>
    public bool HasFailed(DateTimeOffset now) => FailedSlis is { } failed
        ? failed.Any(sli => AcknowledgementOf(sli, now) is null)
        : TimeToDetectSeconds is not null;

    /// <summary>When a phase began first; null when it never was in it.</summary>
    public DateTimeOffset? FirstOf(Phase phase)
    {
        foreach (var entry in History)
        {
            if (entry.Phase == phase) return entry.At;
        }

        return null;
    }
}

/// <summary>One phase of an upgrade.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="At">When it began.</param>
/// <param name="RecordedAt">When UpgradeWatch was told.</param>
/// <param name="Reason">Why; null when not said.</param>
/// <param name="By">Who said so; null when not known.</param>
/// <param name="OpenItems">Required checklist items that were open when it began.</param>
/// <param name="Forced">Whether the checklist was overridden.</param>
public sealed record PhaseEntry(
    Phase Phase,
    DateTimeOffset At,
    DateTimeOffset RecordedAt,
    string? Reason = null,
    string? By = null,
    IReadOnlyList<string>? OpenItems = null,
    bool Forced = false);

/// <summary>An SLI that came back inside its band after a roll-back.</summary>
/// <param name="Sli">Its name.</param>
/// <param name="Seconds">How long after the roll-back.</param>
public sealed record RestoredSli(string Sli, double Seconds);

/// <summary>When the target is planned to be down.</summary>
public sealed record PlannedDowntime(DateTimeOffset From, DateTimeOffset Until);

/// <summary>A stretch of time. <paramref name="Until"/> is null while it lasts.</summary>
public sealed record TimeWindow(DateTimeOffset From, DateTimeOffset? Until);

/// <summary>The history that an upgrade is compared with.</summary>
/// <param name="From">Beginning of its first minute with a value.</param>
/// <param name="Until">The time of the upgrade, to the minute.</param>
/// <param name="HorizonMinutes">How long after earlier moments it was looked, in minutes: as long as the upgrade is to be watched.</param>
public sealed record HistoryWindow(DateTimeOffset From, DateTimeOffset Until, int HorizonMinutes);
