namespace UpgradeWatch.Http.Contracts;

/// <summary>One upgrade, whole.</summary>
internal sealed record UpgradeDocument
{
    /// <summary>ULID: sorts by the time it was recorded.</summary>
    public required string Id { get; init; }

    /// <summary>Counts its changes, from 1.</summary>
    public required long Revision { get; init; }

    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>Version before; null when not told.</summary>
    public required string? FromVersion { get; init; }

    /// <summary>Version after.</summary>
    public required string ToVersion { get; init; }

    /// <summary>The phase it is in.</summary>
    public required string Phase { get; init; }

    /// <summary>Whether it is open: every phase but completed, rolled-back and aborted.</summary>
    public required bool Open { get; init; }

    /// <summary>The moves that are allowed from here.</summary>
    public required IReadOnlyList<string> AllowedMoves { get; init; }

    /// <summary>Who is responsible; null when not told.</summary>
    public required string? Owner { get; init; }

    /// <summary>When it is planned to be down; null for never.</summary>
    public required DowntimeWindow? PlannedDowntime { get; init; }

    /// <summary>Links by name.</summary>
    public required IReadOnlyDictionary<string, string> Links { get; init; }

    /// <summary>When it was recorded.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time of the upgrade: everything before it is "before"; null until it has begun.</summary>
    public required DateTimeOffset? UpgradedAt { get; init; }

    /// <summary>The phases it went through, oldest first.</summary>
    public required IReadOnlyList<PhaseDocument> History { get; init; }

    /// <summary>What it is compared with; null until it is frozen.</summary>
    public required WindowDocument? BaselineWindow { get; init; }

    /// <summary>The days before it that tell what is usual; null until they have been read and frozen.</summary>
    public required WindowDocument? HistoryWindow { get; init; }

    /// <summary>What is left out of the baseline and the history: earlier upgrades and incidents, oldest first.</summary>
    public required IReadOnlyList<LeftOutDocument> LeftOut { get; init; }

    /// <summary>Why incidents could not be left out; null when nothing stood in the way.</summary>
    public required string? LeftOutTrouble { get; init; }

    /// <summary>When it is watched; null before post-upgrade.</summary>
    public required WindowDocument? ObservationWindow { get; init; }

    /// <summary>Length of the observation window in seconds.</summary>
    public required double ObservationWindowSeconds { get; init; }

    /// <summary>When it was last evaluated; null for never.</summary>
    public required DateTimeOffset? EvaluatedAt { get; init; }

    /// <summary>The SLIs that people have taken out of deciding it, with who and why, also those that decide again because the time is up.</summary>
    public required IReadOnlyList<AcknowledgementDocument> Acknowledgements { get; init; }

    /// <summary>Seconds from the time of the upgrade to the first fail; null for none.</summary>
    public required double? TimeToDetectSeconds { get; init; }

    /// <summary>Seconds from the roll-back until every SLI was back inside its band; null when not (yet).</summary>
    public required double? TimeToRestoreSeconds { get; init; }

    /// <summary>The SLIs that were back inside their bands after the roll-back, in that order.</summary>
    public required IReadOnlyList<RestoredDocument> Restored { get; init; }

    /// <summary>The checklist.</summary>
    public required IReadOnlyList<ItemDocument> Checklist { get; init; }

    /// <summary>Who changed what, oldest first; of more than 400 changes the first 200 and the newest.</summary>
    public required IReadOnlyList<ChangeDocument> Changes { get; init; }

    /// <summary>The verdict.</summary>
    public required VerdictDocument Verdict { get; init; }

    /// <summary>Labels of the UpgradeWatch that watches it.</summary>
    public required IReadOnlyDictionary<string, string> Instance { get; init; }

    /// <summary>What to know about the change that was just made, for instance required items that are still open.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>One phase of an upgrade.</summary>
internal sealed record PhaseDocument
{
    /// <summary>Its name.</summary>
    public required string Phase { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When UpgradeWatch was told.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Why; null when not said.</summary>
    public required string? Reason { get; init; }

    /// <summary>Who said so; null when not known.</summary>
    public required string? By { get; init; }

    /// <summary>Required checklist items that were open when it began.</summary>
    public required IReadOnlyList<string> OpenItems { get; init; }

    /// <summary>Whether the checklist was overridden.</summary>
    public required bool Forced { get; init; }
}

/// <summary>One thing that somebody did to an upgrade.</summary>
internal sealed record ChangeDocument
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who: the name of the token, and in brackets whom it says it acts for; null when not known.</summary>
    public required string? By { get; init; }

    /// <summary>begin, phase, force, checklist, override, acknowledge or withdraw.</summary>
    public required string What { get; init; }

    /// <summary>The phase, checklist item or SLI.</summary>
    public required string Subject { get; init; }

    /// <summary>What it was set to; null when that is the subject.</summary>
    public required string? State { get; init; }

    /// <summary>Why; null when not said.</summary>
    public required string? Reason { get; init; }
}

/// <summary>A stretch of time.</summary>
internal sealed record WindowDocument
{
    /// <summary>Its beginning.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Its end: planned while the window is open, real once it has closed; null when it has no end yet.</summary>
    public required DateTimeOffset? Until { get; init; }

    /// <summary>Whether it has closed.</summary>
    public required bool Closed { get; init; }
}

/// <summary>An SLI that came back inside its band after a roll-back.</summary>
internal sealed record RestoredDocument
{
    /// <summary>The SLI.</summary>
    public required string Sli { get; init; }

    /// <summary>How long after the roll-back, in seconds.</summary>
    public required double Seconds { get; init; }
}

/// <summary>A stretch of time that is left out.</summary>
internal sealed record LeftOutDocument
{
    /// <summary>Its beginning.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Its end.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>What was then, for instance "the upgrade to 1.4".</summary>
    public required string Why { get; init; }
}

/// <summary>Upgrades, newest first.</summary>
internal sealed record UpgradeListDocument
{
    /// <summary>The upgrades.</summary>
    public required IReadOnlyList<UpgradeDocument> Items { get; init; }

    /// <summary>The cursor of the next page; null when there is none.</summary>
    public required string? NextCursor { get; init; }
}
