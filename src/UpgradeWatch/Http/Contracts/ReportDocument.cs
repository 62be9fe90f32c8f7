namespace UpgradeWatch.Http.Contracts;

/// <summary>The post-implementation review of an upgrade.</summary>
internal sealed record ReportDocument
{
    /// <summary>When it was written.</summary>
    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>The upgrade with its history, checklist and verdict.</summary>
    public required UpgradeDocument Upgrade { get; init; }

    /// <summary>The points of every SLI that was judged.</summary>
    public required IReadOnlyList<SeriesDocument> Series { get; init; }
}
