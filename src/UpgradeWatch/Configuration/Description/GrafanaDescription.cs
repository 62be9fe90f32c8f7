using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UpgradeWatch.Configuration.Shapes;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes <c>grafana</c>: an endpoint, and which of its annotations mean something here.</summary>
internal static partial class GrafanaDescription
{
    private const int MostTags = 10;

    // What follows a second colon Grafana drops.
    private static readonly NameListShape Tags = new("tag", "[incident, kind:outage]", MostTags, TagPattern(), _ => null);

    /// <summary>The shape of the section.</summary>
    public static MappingShape<GrafanaSection> Shape { get; } = EndpointDescription.For<GrafanaSection>(
        "http://grafana:3000",
        endpoint => new GrafanaSection(endpoint, GrafanaSection.UsualTags),
        section => section.Endpoint,
        (section, endpoint) => section with { Endpoint = endpoint },
        new Key<GrafanaSection, IReadOnlyList<string>>("incidentTags", Tags, (section, tags) => section with { IncidentTags = tags },
            "Annotations with any of these tags mark incidents: their time is left out of what an upgrade is compared with. One with a tag target:NAME or service:NAME counts for that target alone. An empty list looks for none.",
            section => new JsonArray([.. section.IncidentTags.Select(tag => (JsonNode)tag)])));

    [GeneratedRegex("^[A-Za-z0-9._-]{1,100}(:[A-Za-z0-9._-]{1,100})?$")]
    private static partial Regex TagPattern();
}
