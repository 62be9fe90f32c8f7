namespace UpgradeWatch.Connectors.Kubernetes.Watching;

/// <summary>A kind of object and where it is listed.</summary>
/// <param name="Name">Plural name.</param>
/// <param name="Group">Path of its group and version.</param>
/// <param name="Query">What is added to list and watch, beginning with <c>&amp;</c>; empty for nothing.</param>
/// <param name="IsOptional">Whether a cluster may do without.</param>
internal sealed record ResourceKind(string Name, string Group, string Query = "", bool IsOptional = false)
{
    public static readonly ResourceKind Pods = new("pods", "api/v1");
    public static readonly ResourceKind PodWarnings = new("events", "api/v1", "&fieldSelector=type%3DWarning%2CinvolvedObject.kind%3DPod");
    public static readonly ResourceKind Deployments = new("deployments", "apis/apps/v1");
    public static readonly ResourceKind StatefulSets = new("statefulsets", "apis/apps/v1");
    public static readonly ResourceKind DaemonSets = new("daemonsets", "apis/apps/v1");
    public static readonly ResourceKind ReplicaSets = new("replicasets", "apis/apps/v1");
    public static readonly ResourceKind ControllerRevisions = new("controllerrevisions", "apis/apps/v1");
    public static readonly ResourceKind Rollouts = new("rollouts", "apis/argoproj.io/v1alpha1", IsOptional: true);

    /// <summary>Path of the list in a namespace; null for all.</summary>
    public string PathIn(string? ns) => ns is null ? $"{Group}/{Name}" : $"{Group}/namespaces/{ns}/{Name}";
}
