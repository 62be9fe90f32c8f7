using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Configuration;

/// <summary>The section <c>grafana</c>.</summary>
/// <param name="Endpoint">Where it is.</param>
/// <param name="IncidentTags">Tags of annotations that mark incidents.</param>
/// <param name="Annotations">What is written into it.</param>
internal sealed record GrafanaSection(EndpointOptions Endpoint, IReadOnlyList<string> IncidentTags, AnnotationOptions Annotations)
{
    /// <summary>The tag that is looked for when nothing is configured.</summary>
    public static readonly IReadOnlyList<string> UsualTags = ["incident"];
}

/// <summary>What is written into Grafana.</summary>
internal sealed record AnnotationOptions
{
    /// <summary>Which annotations are written.</summary>
    public AnnotationKinds Kinds { get; init; } = AnnotationKinds.All;

    /// <summary>The dashboard that they belong to; null for all of the organisation.</summary>
    public string? DashboardUid { get; init; }
}

/// <summary>Which annotations are written.</summary>
internal enum AnnotationKinds
{
    /// <summary>A region for each phase, and points for verdicts and findings.</summary>
    All,

    /// <summary>Regions alone.</summary>
    Phases,

    /// <summary>None: then no right to write is needed.</summary>
    None,
}
