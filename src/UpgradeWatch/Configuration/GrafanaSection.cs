using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Configuration;

/// <summary>The section <c>grafana</c>.</summary>
/// <param name="Endpoint">Where it is.</param>
/// <param name="IncidentTags">Tags of annotations that mark incidents.</param>
internal sealed record GrafanaSection(EndpointOptions Endpoint, IReadOnlyList<string> IncidentTags)
{
    /// <summary>The tag that is looked for when nothing is configured.</summary>
    public static readonly IReadOnlyList<string> UsualTags = ["incident"];
}
