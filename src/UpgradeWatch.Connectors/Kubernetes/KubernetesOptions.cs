namespace UpgradeWatch.Connectors.Kubernetes;

/// <summary>Which cluster is watched, and what of it (<c>kubernetes</c>).</summary>
public sealed record KubernetesOptions
{
    /// <summary>Namespaces that are watched; empty: those of the targets.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Whether all namespaces are watched at once, which needs rights in the whole cluster.</summary>
    public bool ClusterWide { get; init; }

    /// <summary>File that says where the cluster is and who asks; null: the service account of the pod.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Context of <see cref="Kubeconfig"/>; null: its current one.</summary>
    public string? Context { get; init; }
}
