using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>One step for a plot, in the SLI's unit; NaN where there is nothing to draw.</summary>
/// <param name="Timestamp">End of the step, seconds since 1970.</param>
/// <param name="Value">What was measured in the step: the value, the ratio, events per second, or the quantile the finding is about.</param>
/// <param name="Lower">Lower end of what is expected.</param>
/// <param name="Upper">Upper end of what is expected.</param>
/// <param name="IsAfter">Whether the step is after the change.</param>
public readonly record struct BandPoint(double Timestamp, double Value, double Lower, double Upper, bool IsAfter);

/// <summary>What is to be said about a series with a change in it.</summary>
/// <param name="Finding">The finding at the end of the series.</param>
/// <param name="FirstFlagged">End of the first step after which it was <c>fail</c>, seconds since 1970; null when it never was, or was judged once at the end.</param>
/// <param name="StepSeconds">The inferred length of a step.</param>
/// <param name="Band">The baseline and what came after, step by step.</param>
public sealed record SeriesResult(
    SliFinding Finding,
    double? FirstFlagged,
    double StepSeconds,
    IReadOnlyList<BandPoint> Band);
