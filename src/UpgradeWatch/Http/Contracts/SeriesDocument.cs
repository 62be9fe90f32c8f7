namespace UpgradeWatch.Http.Contracts;

/// <summary>The points of one SLI, for plots.</summary>
internal sealed record SeriesDocument
{
    /// <summary>The upgrade.</summary>
    public required string UpgradeId { get; init; }

    /// <summary>Name of the SLI.</summary>
    public required string Sli { get; init; }

    /// <summary>Unit of the values.</summary>
    public required string Unit { get; init; }

    /// <summary>Length of a step in seconds.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>The time of the upgrade; null before it.</summary>
    public required DateTimeOffset? UpgradedAt { get; init; }

    /// <summary>Lower end of the expected band; null when there is none.</summary>
    public required double? ExpectedLower { get; init; }

    /// <summary>Upper end of the expected band; null when there is none.</summary>
    public required double? ExpectedUpper { get; init; }

    /// <summary>Points before the upgrade.</summary>
    public required IReadOnlyList<PointDocument> Baseline { get; init; }

    /// <summary>Points after it.</summary>
    public required IReadOnlyList<PointDocument> Observed { get; init; }
}

/// <summary>One point.</summary>
internal readonly record struct PointDocument
{
    /// <summary>End of its step.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The value; null for a gap.</summary>
    public required double? Value { get; init; }
}
