namespace UpgradeWatch.Engine.Profiles;

/// <summary>Any HTTP server that follows OpenTelemetry's conventions, the stable and the older ones.</summary>
internal static class OpenTelemetryHttpProfile
{
    private const string Stable = "http_server_request_duration_seconds";
    private const string Older = "http_server_duration_milliseconds";

    // Declared before the instance: static fields are set in the order of the text.
    public static readonly IReadOnlyList<SignalDefinition> ServerRequests =
    [
        Requests.Histogram(Stable, """http_response_status_code=~"5.." """),
        Requests.Counter(Stable + "_count", """http_response_status_code=~"5.." """),
    ];

    /// <summary>Labels of the stable conventions, then what the older ones called them.</summary>
    public static readonly IReadOnlyList<string> Labels =
        ["http_route", "http_response_status_code", "error_type", "http_request_method", "http_status_code", "http_method"];

    public static readonly Profile Instance = new()
    {
        Name = "opentelemetry-http",
        Documentation =
        [
            "https://opentelemetry.io/docs/specs/semconv/http/http-metrics/",
            "https://github.com/open-telemetry/semantic-conventions/blob/v1.20.0/docs/http/http-metrics.md",
            "https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/",
        ],
        Requests =
        [
            .. ServerRequests,
            Requests.Histogram(Older, """http_status_code=~"5.." """, unitSeconds: 0.001),
            Requests.Counter(Older + "_count", """http_status_code=~"5.." """),
        ],
        ExplainBy = Labels,
        Gauges =
        [
            ProfileGauge.Rate("cpu", "cores", GaugeAggregation.Sum, "process_cpu_time_seconds_total"),
            ProfileGauge.Rate("cpu", "cores", GaugeAggregation.Sum, "process_cpu_seconds_total"),
            ProfileGauge.Level("memory", "bytes", GaugeAggregation.Avg, "process_memory_usage_bytes"),
            ProfileGauge.Level("memory", "bytes", GaugeAggregation.Avg, "process_resident_memory_bytes"),
        ],
    };
}
