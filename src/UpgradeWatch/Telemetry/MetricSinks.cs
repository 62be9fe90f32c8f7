namespace UpgradeWatch.Telemetry;

/// <summary>Names that label values are made of before anything has happened.</summary>
/// <param name="Sources">Names of the metric sources.</param>
/// <param name="Sinks">Names of the outbox's sinks.</param>
internal sealed record MetricSinks(IReadOnlyList<string> Sources, IReadOnlyList<string> Sinks);
