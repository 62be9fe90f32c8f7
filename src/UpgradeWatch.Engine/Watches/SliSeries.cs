namespace UpgradeWatch.Engine.Watches;

/// <summary>The points of one SLI for plots. Values that are gaps are null.</summary>
/// <param name="StepSeconds">Length of a step in seconds.</param>
/// <param name="Baseline">Points before the upgrade.</param>
/// <param name="Observed">Points after it.</param>
/// <param name="ExpectedLower">Lower end of the expected band; null when there is none.</param>
/// <param name="ExpectedUpper">Upper end of the expected band; null when there is none.</param>
public sealed record SliSeries(
    double StepSeconds,
    IReadOnlyList<SliPoint> Baseline,
    IReadOnlyList<SliPoint> Observed,
    double? ExpectedLower,
    double? ExpectedUpper);

/// <summary>One point: the end of its step and the value in the SLI's unit.</summary>
public readonly record struct SliPoint(DateTimeOffset At, double? Value);
