using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Configuration.Shapes;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes <c>prometheus</c>: an endpoint, or a data source of Grafana.</summary>
internal static class PrometheusDescription
{
    /// <summary>The shape of the section.</summary>
    public static MappingShape<PrometheusSection> Shape { get; } = EndpointDescription.For<PrometheusSection>(
        "http://prometheus:9090",
        endpoint => new PrometheusSection(endpoint, null),
        section => section.Endpoint,
        (section, endpoint) => section with { Endpoint = endpoint },
        "grafanaDatasource",
        new Key<PrometheusSection, string>("grafanaDatasource", new TextShape("the uid or the name of a data source of Grafana, at most 200 characters", 200), (section, name) => section with { GrafanaDatasource = name },
            "Uid or name of Grafana's data source for Prometheus, in place of url: it is asked through Grafana's proxy, with the credentials of grafana. Left out: it is asked directly."));

    /// <summary>What must hold in the whole; what goes through Grafana is asked at its address.</summary>
    public static UpgradeWatchOptions Finish(UpgradeWatchOptions options, MapNode map, string path, ReadingContext context)
    {
        if (options.GrafanaDatasource is null) return options;
        if (options.Grafana is null) context.Add(map, path, "prometheus", "has grafanaDatasource, and grafana is not configured; write grafana.url, or prometheus.url in its place");
        return options with { Prometheus = options.Grafana ?? options.Prometheus };
    }
}
