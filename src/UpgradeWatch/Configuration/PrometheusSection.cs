using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Configuration;

/// <summary>The section <c>prometheus</c>.</summary>
/// <param name="Endpoint">Where it is.</param>
/// <param name="GrafanaDatasource">Uid or name of Grafana's data source through which it is reached; null for directly.</param>
internal sealed record PrometheusSection(EndpointOptions Endpoint, string? GrafanaDatasource);
