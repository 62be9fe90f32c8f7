using UpgradeWatch.Analysis.Offline;

namespace UpgradeWatch.Cli.Offline.Backtest;

/// <summary>What became of a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Result">What is to be said; null when its series could not be read.</param>
/// <param name="AtWarnLevel">The same at the level of <c>warn</c>; null when nobody asked, or it could not be read.</param>
/// <param name="Trouble">Why its series could not be read; null when it could.</param>
internal sealed record CaseOutcome(BacktestCase Case, SeriesResult? Result, SeriesResult? AtWarnLevel, string? Trouble);
