namespace UpgradeWatch.Http.Contracts;

/// <summary>The verdict of an upgrade: one flat object, whatever it says. Numbers that do not exist are null.</summary>
internal sealed record VerdictDocument
{
    /// <summary>The upgrade.</summary>
    public required string UpgradeId { get; init; }

    /// <summary>Its target.</summary>
    public required string Target { get; init; }

    /// <summary>Version before; null when not told.</summary>
    public required string? FromVersion { get; init; }

    /// <summary>Version after.</summary>
    public required string ToVersion { get; init; }

    /// <summary>The checklist item it decides: always monitor-metrics.</summary>
    public required string Item { get; init; }

    /// <summary>pending, pass, warn, fail or inconclusive.</summary>
    public required string Status { get; init; }

    /// <summary>The reason in one word.</summary>
    public required string Code { get; init; }

    /// <summary>Whether the checklist item is flagged.</summary>
    public required bool Flagged { get; init; }

    /// <summary>Whether it will not change any more.</summary>
    public required bool Final { get; init; }

    /// <summary>The phase of the upgrade.</summary>
    public required string Phase { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Summary { get; init; }

    /// <summary>When it was last evaluated; null for never.</summary>
    public required DateTimeOffset? EvaluatedAt { get; init; }

    /// <summary>Beginning of the observation window; null before post-upgrade.</summary>
    public required DateTimeOffset? ObservedFrom { get; init; }

    /// <summary>End of the newest step that was judged; null for none.</summary>
    public required DateTimeOffset? ObservedUntil { get; init; }

    /// <summary>End of the observation window: planned while it is open, real once it has closed; null before post-upgrade.</summary>
    public required DateTimeOffset? WindowEndsAt { get; init; }

    /// <summary>The finding of every SLI, worst first.</summary>
    public required IReadOnlyList<FindingDocument> Findings { get; init; }

    /// <summary>SLIs that were left out because there was no sample before or after.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Labels of the UpgradeWatch that says so.</summary>
    public required IReadOnlyDictionary<string, string> Instance { get; init; }

    /// <summary>Where to read on.</summary>
    public required VerdictLinks Links { get; init; }
}

/// <summary>Where to read on.</summary>
internal sealed record VerdictLinks
{
    /// <summary>The dashboard: the upgrade's link of that name, else the shipped one; null without Grafana.</summary>
    public required string? Dashboard { get; init; }

    /// <summary>Path of the report.</summary>
    public required string Report { get; init; }
}

/// <summary>The finding of one SLI.</summary>
internal sealed record FindingDocument
{
    /// <summary>Name of the SLI.</summary>
    public required string Sli { get; init; }

    /// <summary>ratio, latency, gauge or logs.</summary>
    public required string Kind { get; init; }

    /// <summary>Which way is bad: up, down or both.</summary>
    public required string Direction { get; init; }

    /// <summary>pending, pass, warn, fail or inconclusive.</summary>
    public required string Status { get; init; }

    /// <summary>The reason in one word.</summary>
    public required string Code { get; init; }

    /// <summary>Whether it can fail the verdict.</summary>
    public required bool Critical { get; init; }

    /// <summary>The value before the upgrade, in its unit.</summary>
    public required double? Baseline { get; init; }

    /// <summary>Lower end of what is expected.</summary>
    public required double? ExpectedLower { get; init; }

    /// <summary>Upper end of what is expected.</summary>
    public required double? ExpectedUpper { get; init; }

    /// <summary>The value now.</summary>
    public required double? Current { get; init; }

    /// <summary>Unit of the values.</summary>
    public required string Unit { get; init; }

    /// <summary>Value since the upgrade divided by the baseline's.</summary>
    public required double? ChangeRatio { get; init; }

    /// <summary>Lower end of the 95 % interval of the change.</summary>
    public required double? ChangeLower { get; init; }

    /// <summary>Upper end of the 95 % interval of the change.</summary>
    public required double? ChangeUpper { get; init; }

    /// <summary>Probability of something like it by chance, 0 to 1.</summary>
    public required double? PValue { get; init; }

    /// <summary>Since when it is abnormal; null when it is not.</summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>How many steps it rests on.</summary>
    public required SamplesDocument Samples { get; init; }

    /// <summary>Which part of the SLI it is in; null where that is not known.</summary>
    public required WhereDocument? Where { get; init; }

    /// <summary>Who took it out of deciding, and why; null for nobody.</summary>
    public required AcknowledgementDocument? Acknowledged { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Reason { get; init; }
}

/// <summary>How many steps with data a finding rests on.</summary>
internal sealed record SamplesDocument
{
    /// <summary>Before the upgrade.</summary>
    public required long Baseline { get; init; }

    /// <summary>Since the upgrade.</summary>
    public required long Observed { get; init; }
}
