namespace UpgradeWatch.Engine.Profiles;

/// <summary>Services behind the Kubernetes ingress-nginx controller.</summary>
internal static class NginxIngressProfile
{
    // Also matches "5xx", which the controller writes when it reports classes of statuses.
    private const string Bad = """status=~"5.." """;

    public static readonly Profile Instance = new()
    {
        Name = "nginx-ingress",
        Documentation =
        [
            "https://kubernetes.github.io/ingress-nginx/user-guide/monitoring/#exposed-metrics",
            "https://github.com/kubernetes/ingress-nginx/blob/main/internal/ingress/metric/collectors/socket.go",
        ],
        Requests =
        [
            Requests.Histogram("nginx_ingress_controller_request_duration_seconds", Bad),
            Requests.Counter("nginx_ingress_controller_requests", Bad),
        ],
        ExplainBy = ["host", "ingress", "path", "status", "method"],
        Gauges =
        [
            ProfileGauge.Rate("cpu", "cores", GaugeAggregation.Sum, "nginx_ingress_controller_nginx_process_cpu_seconds_total"),
            ProfileGauge.Level("memory", "bytes", GaugeAggregation.Avg, "nginx_ingress_controller_nginx_process_resident_memory_bytes"),
            ProfileGauge.Level("connections", "connections", GaugeAggregation.Sum, """nginx_ingress_controller_nginx_process_connections{state="active"}"""),
        ],
    };
}
