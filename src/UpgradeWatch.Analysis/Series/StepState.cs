namespace UpgradeWatch.Analysis.Series;

/// <summary>What is known about one step besides its numbers. Flags combine.</summary>
[Flags]
public enum StepState : byte
{
    /// <summary>An ordinary step that counts.</summary>
    None = 0,

    /// <summary>Within the warm-up after <c>upgrading</c> or <c>post-upgrade</c> began: not counted.</summary>
    WarmUp = 1,

    /// <summary>Within the planned downtime: neither judged nor a gap.</summary>
    Planned = 2,

    /// <summary>Every known instance of the target was down during the step.</summary>
    Down = 4,

    /// <summary>
    /// During <c>upgrading</c>, with an instance or process that started in this step or the 7 before it:
    /// the events are not evidence, and the finding is at most <c>warn: transient</c>.
    /// </summary>
    Starting = 8,

    /// <summary>
    /// The source itself was not there to see the target: a gap, but no sign that anything vanished.
    /// </summary>
    Unseen = 16,

    /// <summary>
    /// The metric was there, but nothing happened of which there could be a value, as for a quantile of no requests:
    /// not counted.
    /// </summary>
    Idle = 32,
}
