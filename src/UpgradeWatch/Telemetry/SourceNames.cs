namespace UpgradeWatch.Telemetry;

/// <summary>Names of the configured sources, which label values are made of before anything has been asked of them.</summary>
/// <param name="All">The names.</param>
internal sealed record SourceNames(IReadOnlyList<string> All);
