namespace UpgradeWatch.EndToEnd.Upgrades;

/// <summary>What came out of an <see cref="UpgradeRun"/>.</summary>
/// <param name="First">What the first <c>wait</c> gave: a final verdict, or a fail before that.</param>
/// <param name="Last">The final verdicts.</param>
/// <param name="Watching">Samples counted between the last move of an upgrade and the last verdict.</param>
/// <param name="Total">Samples counted altogether.</param>
internal sealed record UpgradeResults(
    IReadOnlyDictionary<(Source Source, string Target), SeenVerdict> First,
    IReadOnlyDictionary<(Source Source, string Target), SeenVerdict> Last,
    SampleCounts Watching,
    SampleCounts Total);
