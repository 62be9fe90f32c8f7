namespace UpgradeWatch.TestKit.Prometheus;

/// <summary>What a <see cref="PrometheusServer"/> evaluates and tells.</summary>
/// <param name="RuleFile">File with rules.</param>
/// <param name="Interval">Time between two evaluations.</param>
/// <param name="Alertmanagers">Where alerts go, as <c>host:port</c>.</param>
public sealed record Alerting(string RuleFile, TimeSpan Interval, params IReadOnlyList<string> Alertmanagers);
