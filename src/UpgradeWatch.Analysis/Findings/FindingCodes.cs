namespace UpgradeWatch.Analysis.Findings;

/// <summary>The reasons in one word that a finding or verdict carries as its code.</summary>
public static class FindingCodes
{
    /// <summary>Nothing to say beyond the status.</summary>
    public const string None = "none";

    /// <summary>The level of the SLI changed.</summary>
    public const string Level = "level";

    /// <summary>Only the tail of a distribution changed; p95 and p99 are inside their tolerance.</summary>
    public const string Tail = "tail";

    /// <summary>The spread changed.</summary>
    public const string Variability = "variability";

    /// <summary>Stuck at one value that never was before.</summary>
    public const string Flat = "flat";

    /// <summary>Under 80 % of the steps of the window have data.</summary>
    public const string Gaps = "gaps";

    /// <summary>Shown for information; not calibrated for the history at hand.</summary>
    public const string Provisional = "provisional";

    /// <summary>Was abnormal and has been back inside its band for 15 min.</summary>
    public const string Recovered = "recovered";

    /// <summary>The series stopped with the new version while the target is up.</summary>
    public const string MetricVanished = "metric-vanished";

    /// <summary>Every instance of the target has been down for 8 steps.</summary>
    public const string TargetDown = "target-down";

    /// <summary>No sample before the upgrade, some after it.</summary>
    public const string NoBaseline = "no-baseline";

    /// <summary>The end of the baseline was itself abnormal.</summary>
    public const string BaselineUnhealthy = "baseline-unhealthy";

    /// <summary>Abnormal for a while, and not (or not yet) beyond tolerance any more.</summary>
    public const string Transient = "transient";

    /// <summary>A person took the finding out of deciding.</summary>
    public const string Acknowledged = "acknowledged";

    /// <summary>The last evaluation is too long ago.</summary>
    public const string Stale = "stale";

    /// <summary>Too few events or steps to judge.</summary>
    public const string TooLittleData = "too-little-data";

    /// <summary>The histogram's bounds before and after have none in common.</summary>
    public const string BucketsChanged = "buckets-changed";

    /// <summary>The source could not be reached or answered in part.</summary>
    public const string Source = "source";

    /// <summary>A configured hard limit was passed.</summary>
    public const string Limit = "limit";

    /// <summary>The baseline is still being fetched.</summary>
    public const string Baseline = "baseline";

    /// <summary>Verdict of an upgrade that was rolled back before it could be judged.</summary>
    public const string RolledBack = "rolled-back";

    /// <summary>Verdict of an upgrade that was aborted.</summary>
    public const string Aborted = "aborted";

    /// <summary>Verdict of an upgrade that was closed by a newer one of the same target.</summary>
    public const string Superseded = "superseded";
}
