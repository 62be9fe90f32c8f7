using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Options;

/// <summary>How alerts of targets are silenced while an upgrade makes them (<c>silences</c>). Off unless it is configured.</summary>
public sealed record SilenceOptions
{
    /// <summary>Whether alerts of a target are silenced within its planned downtime. Default false.</summary>
    public bool PlannedDowntime { get; init; }

    /// <summary>Whether Grafana's own alerts are silenced too. Default false.</summary>
    public bool Grafana { get; init; }

    /// <summary>For how long a silence is made or extended at once, in seconds, 10 to 86400: it lapses by itself so long after UpgradeWatch has died.</summary>
    public double LeaseSeconds { get; init; } = 1500;

    /// <summary>How long it goes on when its cause is over, in seconds, 0 to 3600: alerts resolve a little later.</summary>
    public double TailSeconds { get; init; } = 60;

    /// <summary>How long it lasts at most, in seconds, 60 to 604800, whatever was planned.</summary>
    public double MaxDurationSeconds { get; init; } = 14_400;
}

/// <summary>Which alerts are those of a target (<c>targets[].silences</c>).</summary>
public sealed record TargetSilences
{
    /// <summary>Alerts that its planned downtime makes; null for those with the target's labels.</summary>
    public IReadOnlyList<LabelMatch>? Downtime { get; init; }

    /// <summary>Alerts that are expected while it is upgraded or rolled back; null for none.</summary>
    public IReadOnlyList<LabelMatch>? Noise { get; init; }
}
