namespace UpgradeWatch.Engine.Options;

/// <summary>How often and how far it looks (<c>evaluation</c>; all but the interval also per target). Seconds may have fractions.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Seconds between two evaluations; 0.1 to 3600.</summary>
    public double IntervalSeconds { get; init; } = 15;

    /// <summary>Least length of a step in seconds; rounded up to a multiple of the scrape interval; 0.1 to 3600.</summary>
    public double StepSeconds { get; init; } = 15;

    /// <summary>Seconds after its end at which a step counts as complete; null: worked out from the scrape durations.</summary>
    public double? DelaySeconds { get; init; }

    /// <summary>Length of the baseline window in seconds before the time of the upgrade.</summary>
    public double BaselineSeconds { get; init; } = 3600;

    /// <summary>Length of the observation window in seconds from <c>post-upgrade</c> on.</summary>
    public double ObservationSeconds { get; init; } = 3600;

    /// <summary>Seconds of <c>post-upgrade</c> that must be watched before it may say pass; at most the observation window.</summary>
    public double MinimumSeconds { get; init; } = 600;

    /// <summary>Seconds by which the window may stay open for low traffic; 0 for not at all.</summary>
    public double ExtendUntilSeconds { get; init; }

    /// <summary>Seconds of history before the upgrade that are read or kept.</summary>
    public double HistorySeconds { get; init; } = 604800;

    /// <summary>Seconds not counted after <c>upgrading</c> and <c>post-upgrade</c> begin; null: 8 steps.</summary>
    public double? WarmupSeconds { get; init; }

    /// <summary>Share of good upgrades that may be flagged <c>fail</c>; in (0, 0.2].</summary>
    public double FalseAlarmRate { get; init; } = 0.01;

    /// <summary>IANA name of the time zone whose time of day is "the same time on earlier days"; the same for all targets.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Whether the warm-up after the last upgrade is left out of what the next one is compared with, as its rollout is.</summary>
    public bool LeaveOutWarmup { get; init; }

    /// <summary>Whether <c>post-upgrade</c> becomes <c>completed</c> by itself when the window closes.</summary>
    public bool AutoComplete { get; init; } = true;

    /// <summary>Labels by which a finding is broken down to say where it is, those that say most first; null for the profile's, none for not at all.</summary>
    public IReadOnlyList<string>? ExplainBy { get; init; }
}
