namespace UpgradeWatch.Analysis.Findings;

/// <summary>Which way is bad.</summary>
public enum Direction
{
    /// <summary>Larger is worse.</summary>
    Up,

    /// <summary>Smaller is worse.</summary>
    Down,

    /// <summary>Either is worth a finding.</summary>
    Both,
}

/// <summary>How the numbers of an SLI are judged.</summary>
public enum Measure
{
    /// <summary>Bad events out of all events: the count test.</summary>
    Ratio,

    /// <summary>Events per time (traffic): the count test with time in place of requests.</summary>
    Count,

    /// <summary>A histogram: the count test at every bound.</summary>
    Buckets,

    /// <summary>One number per step (saturation, a quantile): the local reference and, with few steps, the small-sample tests.</summary>
    Gauge,
}

/// <summary>
/// What a difference must at least be to matter. A difference matters when it is beyond the relative
/// and beyond the absolute part, where each is given.
/// </summary>
/// <param name="Relative">Share of the baseline, 0.25 for 25 %; null for none.</param>
/// <param name="Absolute">In the SLI's unit (0.001 = 0.1 percentage points of a ratio); null for none.</param>
public readonly record struct Tolerance(double? Relative, double? Absolute)
{
    /// <summary>Every difference matters.</summary>
    public static readonly Tolerance None;
}

/// <summary>One SLI as the judge sees it.</summary>
public sealed record SliSpec
{
    /// <summary>Name as shown in sentences, for instance <c>error-ratio</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How it is judged.</summary>
    public required Measure Measure { get; init; }

    /// <summary>Unit of the values shown: <c>ratio</c>, <c>seconds</c>, <c>requests_per_second</c>, <c>bytes</c>, or anything for custom gauges.</summary>
    public required string Unit { get; init; }

    /// <summary>Which way is bad.</summary>
    public required Direction Direction { get; init; }

    /// <summary>Practical tolerance.</summary>
    public required Tolerance Tolerance { get; init; }

    /// <summary>Whether it can fail the verdict (some outcomes are <c>fail</c> only then).</summary>
    public bool Critical { get; init; } = true;

    /// <summary>
    /// Above this value (in the SLI's unit, over the last 8 counted steps) it fails by itself; null for none.
    /// For ratios without a baseline this is the limit of the sequential test, 1 % when it is not configured.
    /// </summary>
    public double? UpperLimit { get; init; }

    /// <summary>Below this value it fails by itself; null for none.</summary>
    public double? LowerLimit { get; init; }

    /// <summary>
    /// Whether a gauge is a quantile of events that have tests of their own: then it only informs, however short the
    /// baseline is, and that it repeats a value means nothing.
    /// </summary>
    public bool IsQuantile { get; init; }

    /// <summary>False-alarm level of this SLI's own test, after the split over the family: alarm at E &gt;= 1/Alpha. In (0, 0.5].</summary>
    public double Alpha { get; init; } = 0.01;

    /// <summary>The same for <c>warn</c>.</summary>
    public double WarnAlpha { get; init; } = 0.05;

    /// <summary>False-alarm level of the family of series tests together; the family's own calibration sees to the number of SLIs. In (0, 0.5].</summary>
    public double SeriesAlpha { get; init; } = 0.01;

    /// <summary>The same for <c>warn</c>.</summary>
    public double SeriesWarnAlpha { get; init; } = 0.05;

    /// <summary>Length of a step in seconds, above 0.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>Upper bounds of the histogram's buckets in the SLI's unit, ascending, the last one infinite; empty for other measures.</summary>
    public IReadOnlyList<double> Bounds { get; init; } = [];
}
