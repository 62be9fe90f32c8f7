namespace UpgradeWatch.Engine.Options;

/// <summary>Which workloads of Kubernetes a target is (<c>targets[].kubernetes</c>).</summary>
public sealed record WorkloadOptions
{
    /// <summary>Their namespace; null: the target's label <c>namespace</c>.</summary>
    public string? Namespace { get; init; }

    /// <summary>
    /// Labels that they have; empty: the workloads with the target's name, as their own or in their label
    /// <c>app.kubernetes.io/name</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Selector { get; init; } = new Dictionary<string, string>();
}
