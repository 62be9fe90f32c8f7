namespace UpgradeWatch.Engine.Profiles;

/// <summary>ASP.NET Core with prometheus-net's own HTTP metrics.</summary>
internal static class PrometheusNetProfile
{
    private const string Bad = """code=~"5.." """;

    public static readonly Profile Instance = new()
    {
        Name = "prometheus-net",
        Documentation =
        [
            "https://github.com/prometheus-net/prometheus-net/blob/master/README.md#aspnet-core-http-request-metrics",
            "https://github.com/prometheus-net/prometheus-net/blob/master/Prometheus.AspNetCore/HttpMetrics/HttpRequestLabelNames.cs",
            .. DotNetGauges.Documentation,
        ],
        Requests =
        [
            Requests.Histogram("http_request_duration_seconds", Bad),
            Requests.Counter("http_requests_received_total", Bad),
        ],
        ExplainBy = ["endpoint", "controller", "action", "code", "method"],
        Gauges =
        [
            .. DotNetGauges.All,
            ProfileGauge.Level("thread-pool-queue", "items", GaugeAggregation.Sum, "system_runtime_dotnet_thread_pool_queue_length"),
            ProfileGauge.Level("thread-pool-queue", "items", GaugeAggregation.Sum, "system_runtime_threadpool_queue_length"),
        ],
        Signs = ["http_requests_received_total", "dotnet_collection_count_total", "dotnet_total_memory_bytes", "prometheus_net_"],
    };
}
