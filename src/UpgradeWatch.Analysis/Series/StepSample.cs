namespace UpgradeWatch.Analysis.Series;

/// <summary>The numbers of one SLI in one step. NaN stands for a gap, never zero.</summary>
/// <param name="Step">Index of the step: it ends at Step x StepSeconds in Unix time.</param>
/// <param name="State">What is known about the step.</param>
/// <param name="Value">Bad events of a ratio; the value of a gauge; unused for counts and buckets.</param>
/// <param name="Total">All events (ratio, count, buckets); unused for gauges.</param>
/// <param name="Buckets">Cumulative event counts at or below each bound, in the order of the bounds; null for other kinds.</param>
public readonly record struct StepSample(long Step, StepState State, double Value, double Total, double[]? Buckets = null);
