using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UpgradeWatch.Configuration.Shapes;
using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes <c>grafana</c>: an endpoint, and which of its annotations mean something here.</summary>
internal static partial class GrafanaDescription
{
    private const int MostTags = 10;
    private const int LongestTag = 100;

    private static readonly TextShape Tag = new("a tag of at most 100 characters with at most one colon, not at its beginning, for instance incident or kind:incident", LongestTag, TagPattern());

    /// <summary>The shape of the section.</summary>
    public static MappingShape<GrafanaSection> Shape { get; } = EndpointDescription.For<GrafanaSection>(
        "http://grafana:3000",
        endpoint => new GrafanaSection(endpoint, GrafanaSection.UsualTags),
        section => section.Endpoint,
        (section, endpoint) => section with { Endpoint = endpoint },
        new Key<GrafanaSection, IReadOnlyList<string>>("incidentTags", new TextListShape(Tag, MostTags), (section, tags) => section with { IncidentTags = tags },
            "Annotations with any of these tags mark incidents: their time is left out of what an upgrade is compared with. One with a tag target:NAME or service:NAME counts for that target alone. An empty list looks for none.",
            section => new JsonArray([.. section.IncidentTags.Select(tag => (JsonNode)tag)])));

    [GeneratedRegex("^[^:\\s][^:]*(:[^:]*)?$")]
    private static partial Regex TagPattern();
}
