namespace UpgradeWatch.Engine.Profiles;

/// <summary>A workload behind an Istio sidecar, as its own sidecar reports it.</summary>
internal static class IstioProfile
{
    private const string Inbound = """reporter="destination" """;
    private const string Duration = "istio_request_duration_milliseconds";

    // Istio answers a gRPC call that failed with 200 and its own status label: numbers of the codes that are the
    // server's fault. Kept apart from 5xx, so that no request counts twice.
    private const string BadCalls = """response_code!~"5..",grpc_response_status=~"2|4|12|13|14|15" """;
    private const string BadResponses = """response_code=~"5.." """;

    public static readonly Profile Instance = new()
    {
        Name = "istio",
        Documentation = ["https://istio.io/latest/docs/reference/config/metrics/"],
        Requests =
        [
            Requests.Histogram(Duration, BadResponses, Inbound, unitSeconds: 0.001) with { Bad = Bad(Duration + "_count") },
            Requests.Counter("istio_requests_total", BadResponses, Inbound) with { Bad = Bad("istio_requests_total") },
        ],
        ExplainBy = ["response_code", "grpc_response_status", "response_flags", "source_workload", "destination_version"],
    };

    private static IReadOnlyList<Selector> Bad(string metric) =>
    [
        SelectorText.Parse($"{metric}{{{Inbound},{BadResponses}}}"),
        SelectorText.Parse($"{metric}{{{Inbound},{BadCalls}}}"),
    ];
}
