namespace UpgradeWatch.Analysis.Where;

/// <summary>What labels are called in sentences, and which of them change with every rollout.</summary>
internal static class LabelWords
{
    private static readonly Dictionary<string, string> Words = Map(
        ("route", "route http_route path uri handler endpoint page url"),
        ("status", "status code status_code http_status_code http_response_status_code response_code grpc_code grpc_status grpc_response_status rpc_grpc_status_code rpc_response_status_code"),
        ("error", "error error_type error_class exception reason"),
        ("method", "method http_method http_request_method grpc_method rpc_method"),
        ("service", "service grpc_service rpc_service"),
        ("pod", "pod pod_name k8s_pod_name kubernetes_pod_name"),
        ("zone", "zone availability_zone cloud_availability_zone topology_kubernetes_io_zone"),
        ("version", "version app_version service_version destination_version"),
        ("database", "datname database"));

    private static readonly HashSet<string> Places = ["pod", "instance", "zone", "version", "node", "host", "region", "cluster"];

    /// <summary>The word for a label; its name where there is none.</summary>
    public static string Of(string label) => Words.GetValueOrDefault(label, label);

    /// <summary>Whether a label says where something runs: then new values are no news, and "on both" is.</summary>
    public static bool IsPlace(string label) => Places.Contains(Of(label));

    private static Dictionary<string, string> Map(params (string Word, string Labels)[] words) =>
        words.SelectMany(word => word.Labels.Split(' ').Select(label => (label, word.Word))).ToDictionary(pair => pair.label, pair => pair.Word);
}
