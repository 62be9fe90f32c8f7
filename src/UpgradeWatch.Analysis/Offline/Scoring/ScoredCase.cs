namespace UpgradeWatch.Analysis.Offline.Scoring;

/// <summary>One case of which it is known what it was.</summary>
/// <param name="Score">How abnormal a judge found it; larger is more.</param>
/// <param name="IsFlagged">Whether the judge flagged it.</param>
/// <param name="IsAbnormal">Whether it was.</param>
public readonly record struct ScoredCase(double Score, bool IsFlagged, bool IsAbnormal);
