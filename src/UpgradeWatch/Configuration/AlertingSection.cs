using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Configuration;

/// <summary>The section <c>alertmanager</c>.</summary>
/// <param name="Endpoint">Where it is.</param>
/// <param name="Members">Addresses of the other members of its cluster.</param>
/// <param name="GrafanaDatasource">Uid or name of Grafana's data source through which it is reached; null for directly.</param>
internal sealed record AlertmanagerSection(EndpointOptions Endpoint, IReadOnlyList<string> Members, string? GrafanaDatasource = null)
{
    /// <summary>All members with their credentials.</summary>
    public IReadOnlyList<EndpointOptions> All => [Endpoint, .. Members.Select(member => Endpoint with { Url = new Uri(member) })];
}

/// <summary>The section <c>alerts</c>.</summary>
internal sealed record AlertOptions
{
    /// <summary>Whether findings and verdicts are sent to Alertmanager as alerts; null: when one is configured.</summary>
    public bool? Send { get; init; }
}
