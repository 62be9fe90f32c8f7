using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>What was to be said after one row.</summary>
/// <param name="Timestamp">Of the row, seconds since 1970.</param>
/// <param name="Status">The status.</param>
/// <param name="PValue">As <see cref="SliFinding.PValue"/>.</param>
public readonly record struct CoursePoint(double Timestamp, FindingStatus Status, double? PValue);
