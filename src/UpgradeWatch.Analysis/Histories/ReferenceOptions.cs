using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Histories;

/// <summary>How a reference is made.</summary>
public sealed record ReferenceOptions
{
    /// <summary>Which way is bad; strays the other way are not counted.</summary>
    public Direction Direction { get; init; } = Direction.Both;

    /// <summary>Minutes from the upgrade to the end of the observation window; 10 to 1440.</summary>
    public int HorizonMinutes { get; init; } = 120;

    /// <summary>Earlier upgrades and incidents: neither part of what is expected nor moments to compare with.</summary>
    public IReadOnlyList<MinuteRange> LeftOut { get; init; } = [];

    /// <summary>The minutes before the upgrade that <see cref="ReferenceState.Growth"/> is relative to; null where that is not wanted.</summary>
    public MinuteRange? Baseline { get; init; }

    /// <summary>Minutes after the upgrade that are not judged, and so not looked at after the moments it is compared with.</summary>
    public int WarmupMinutes { get; init; }

    /// <summary>Whose time of day counts for "the same time on earlier days".</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;
}
