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

    private static readonly ChoiceShape<AnnotationKinds> Kinds = new(("all", AnnotationKinds.All), ("phases", AnnotationKinds.Phases), ("none", AnnotationKinds.None));

    /// <summary>The shape of the section.</summary>
    public static MappingShape<GrafanaSection> Shape { get; } = EndpointDescription.For<GrafanaSection>(
        "http://grafana:3000",
        endpoint => new GrafanaSection(endpoint, GrafanaSection.UsualTags, new AnnotationOptions()),
        section => section.Endpoint,
        (section, endpoint) => section with { Endpoint = endpoint },
        new Key<GrafanaSection, AnnotationKinds>("annotations", Kinds, (section, kinds) => section with { Annotations = section.Annotations with { Kinds = kinds } },
            "What is written as annotations: all (a region for each phase, a point whenever the verdict changes or findings turn), phases (the regions alone) or none (then no right to write is needed).",
            section => Kinds.WordOf(section.Annotations.Kinds)),
        new Key<GrafanaSection, string>("dashboardUid", new CheckedTextShape("the uid of a dashboard, the part after /d/ of its address", RefuseUid), (section, uid) => section with { Annotations = section.Annotations with { DashboardUid = uid } },
            "The dashboard that annotations belong to, by its uid. Left out: they belong to the organisation, and every dashboard can show them by their tags."),
        new Key<GrafanaSection, IReadOnlyList<string>>("incidentTags", Tags, (section, tags) => section with { IncidentTags = tags },
            "Annotations with any of these tags mark incidents: their time is left out of what an upgrade is compared with. One with a tag target:NAME or service:NAME counts for that target alone. An empty list looks for none.",
            section => new JsonArray([.. section.IncidentTags.Select(tag => (JsonNode)tag)])));

    private static string? RefuseUid(string uid) => UidPattern().IsMatch(uid) ? null : "it has at most 40 letters, digits, '-' and '_'; write the part after /d/ of the dashboard's address";

    [GeneratedRegex("^[A-Za-z0-9_-]{1,40}$")]
    private static partial Regex UidPattern();

    [GeneratedRegex("^[A-Za-z0-9._-]{1,100}(:[A-Za-z0-9._-]{1,100})?$")]
    private static partial Regex TagPattern();
}
