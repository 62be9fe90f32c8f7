namespace UpgradeWatch.Engine.Profiles;

/// <summary>Spring Boot with Micrometer's Prometheus registry.</summary>
internal static class SpringBootProfile
{
    private const string Bad = """status=~"5.." """;
    private const string Timer = "http_server_requests_seconds";

    public static readonly Profile Instance = new()
    {
        Name = "spring-boot",
        Documentation =
        [
            "https://docs.spring.io/spring-boot/reference/actuator/metrics.html",
            "https://docs.micrometer.io/micrometer/reference/implementations/prometheus.html",
            "https://docs.micrometer.io/micrometer/reference/reference/jvm.html",
        ],
        Requests = [Requests.Histogram(Timer, Bad), Requests.Counter(Timer + "_count", Bad)],
        ExplainBy = ["uri", "status", "exception", "method"],
        Gauges =
        [
            ProfileGauge.Level("cpu", "ratio", GaugeAggregation.Avg, "process_cpu_usage"),
            ProfileGauge.Level("memory", "ratio", GaugeAggregation.Sum, """jvm_memory_used_bytes{area="heap"}""", """jvm_memory_max_bytes{area="heap"}"""),
            ProfileGauge.Rate("gc", "seconds_per_second", GaugeAggregation.Sum, "jvm_gc_pause_seconds_sum"),
            ProfileGauge.Level("thread-pool-queue", "tasks", GaugeAggregation.Sum, "executor_queued_tasks"),
            ProfileGauge.Level("connections", "connections", GaugeAggregation.Sum, "hikaricp_connections_active"),
        ],
        LatencyAdvice = "management.metrics.distribution.percentiles-histogram.http.server.requests=true gives Spring Boot's timer buckets",
    };
}
