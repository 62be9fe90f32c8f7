using UpgradeWatch.Connectors.Kubernetes.Watching;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Connectors.Kubernetes.Workloads;

/// <summary>Which workloads belong to which target.</summary>
internal static class TargetWorkloads
{
    private const string NameLabel = "app.kubernetes.io/name";

    /// <summary>The namespace of a target's workloads; null when it is not known.</summary>
    public static string? NamespaceOf(TargetOptions target) => target.Workloads.Namespace ?? target.Labels.GetValueOrDefault("namespace");

    /// <summary>
    /// Whether a workload is the target's. Its annotation goes before labels, and neither reaches out of the target's
    /// namespace: who may write there must not speak for others.
    /// </summary>
    public static bool IsOf(Workload workload, TargetOptions target)
    {
        if (NamespaceOf(target) is not { } place || workload.Namespace != place) return false;
        if (workload.TargetAnnotation is { } named) return named == target.Name;
        return target.Workloads.Selector.Count > 0
            ? target.Workloads.Selector.All(label => workload.Labels.GetValueOrDefault(label.Key) == label.Value)
            : workload.Name == target.Name || workload.Labels.GetValueOrDefault(NameLabel) == target.Name;
    }
}
