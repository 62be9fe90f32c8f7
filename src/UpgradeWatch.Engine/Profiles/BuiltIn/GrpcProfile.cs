namespace UpgradeWatch.Engine.Profiles;

/// <summary>
/// gRPC servers: the Prometheus interceptors for Go and Java, gRPC's own OpenTelemetry metrics, and OpenTelemetry's
/// conventions. A call is bad when its code is the server's fault by OpenTelemetry's rule for server spans.
/// </summary>
internal static class GrpcProfile
{
    private const string Numbers = """rpc_grpc_status_code=~"2|4|12|13|14|15" """;
    private const string ConstantNames = "UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS";
    private const string GoNames = "Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss";

    public static readonly Profile Instance = new()
    {
        Name = "grpc",
        Documentation =
        [
            "https://github.com/grpc-ecosystem/go-grpc-middleware/blob/main/providers/prometheus/server_metrics.go",
            "https://github.com/grpc-ecosystem/java-grpc-prometheus/blob/master/README.md",
            "https://github.com/grpc/proposal/blob/master/A66-otel-stats.md",
            "https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/",
            "https://opentelemetry.io/docs/specs/semconv/rpc/grpc/",
        ],
        Requests =
        [
            // Go writes the codes as DeadlineExceeded, Java as DEADLINE_EXCEEDED.
            Requests.CounterAndHistogram("grpc_server_handled_total", $"grpc_code=~\"{GoNames}|{ConstantNames}\"", "grpc_server_handling_seconds"),
            Requests.Histogram("grpc_server_call_duration_seconds", $"grpc_status=~\"{ConstantNames}\""),
            Requests.Histogram("rpc_server_call_duration_seconds", $"rpc_response_status_code=~\"{ConstantNames}\""),
            Requests.Histogram("rpc_server_duration_milliseconds", Numbers, unitSeconds: 0.001),
        ],
        ExplainBy = ["grpc_service", "grpc_method", "grpc_code", "grpc_status", "rpc_service", "rpc_method", "rpc_response_status_code", "rpc_grpc_status_code"],
        Gauges =
        [
            ProfileGauge.Rate("cpu", "cores", GaugeAggregation.Sum, "process_cpu_seconds_total"),
            ProfileGauge.Level("memory", "bytes", GaugeAggregation.Avg, "process_resident_memory_bytes"),
        ],
        LatencyAdvice = "the interceptor must be told to record handling times, for instance WithServerHandlingTimeHistogram",
    };
}
