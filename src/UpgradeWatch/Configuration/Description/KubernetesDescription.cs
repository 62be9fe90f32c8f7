using System.Text.RegularExpressions;
using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Configuration.Shapes;
using UpgradeWatch.Connectors.Kubernetes;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes <c>kubernetes</c> and <c>targets[].kubernetes</c>.</summary>
internal static partial class KubernetesDescription
{
    private const int MostNamespaces = 50;
    private const string NamespaceExpected = "the name of a namespace: lower-case letters, digits and '-', at most 63 characters";

    private static readonly NameListShape Namespaces = new("namespace", "[shop, billing]", MostNamespaces, NamespacePattern(), _ => null);

    /// <summary>The shape of the section.</summary>
    public static MappingShape<KubernetesOptions> Shape { get; } = new(
        new KubernetesOptions(),
        new Key<KubernetesOptions, IReadOnlyList<string>>("namespaces", Namespaces, (options, value) => options with { Namespaces = value },
            "Namespaces that are watched; each needs a Role. Left out: those of the targets."),
        new Key<KubernetesOptions, bool>("clusterWide", new FlagShape(), (options, value) => options with { ClusterWide = value },
            "Whether all namespaces are watched at once, which needs a ClusterRole.", options => options.ClusterWide),
        new Key<KubernetesOptions, string>("kubeconfig", new FileShape("a kubeconfig"), (options, value) => options with { Kubeconfig = value },
            "Kubeconfig that says where the cluster is and who asks. Left out: the service account of the pod."),
        new Key<KubernetesOptions, string>("context", new TextShape("the name of a context of the kubeconfig, at most 200 characters", 200), (options, value) => options with { Context = value },
            "Context of the kubeconfig. Left out: its current one."))
    {
        Finish = Finish,
    };

    /// <summary>The shape of a target's part.</summary>
    public static MappingShape<WorkloadOptions> Target { get; } = new(
        new WorkloadOptions(),
        new Key<WorkloadOptions, string>("namespace", new TextShape(NamespaceExpected, 63, NamespacePattern()), (options, value) => options with { Namespace = value },
            "Namespace of the target's workloads. Left out: the target's label namespace."),
        new Key<WorkloadOptions, IReadOnlyDictionary<string, string>>("selector", new DictionaryShape("label", LabelPattern(), _ => null), (options, value) => options with { Selector = value },
            "Labels of the target's Deployments, StatefulSets, DaemonSets and Rollouts, each by equality. Left out: the workloads with the target's name, as their own or in their label app.kubernetes.io/name. The annotation upgradewatch.io/target of a workload goes before either."));

    /// <summary>What must hold in the whole.</summary>
    public static UpgradeWatchOptions Finish(UpgradeWatchOptions options, MapNode map, string path, ReadingContext context)
    {
        var metric = options.Targets.FirstOrDefault(target => target.VersionMetric is not null);
        if (metric is not null && options.Prometheus is null)
            context.Add(map, path, "targets", $"has versionMetric in {metric.Name}, and there is no Prometheus that knows it; write prometheus.url, or leave it out");
        if (options.Kubernetes is not { } kubernetes) return options;
        var watched = ClusterNamespaces(kubernetes, options);
        // Namespaces with mistakes of their own are not there, but they are not missing either.
        var isNamed = map.Find("kubernetes")?.Value is MapNode section && section.Find("namespaces") is not null;
        if (watched.Count == 0 && !kubernetes.ClusterWide && !isNamed)
            context.Add(map, path, "kubernetes", "has no namespace to watch; write kubernetes.namespaces, or the label namespace of a target");
        foreach (var target in options.Targets.Where(target => target.VersionMetric is not null && Connectors.Kubernetes.Workloads.ClusterWatcher.Sees(kubernetes, target)))
            context.Add(map, path, "targets", $"has versionMetric in {target.Name}, whose upgrades are seen in Kubernetes: one of both would open them twice; leave versionMetric out");
        return options;
    }

    private static IReadOnlyList<string> ClusterNamespaces(KubernetesOptions kubernetes, UpgradeWatchOptions options) =>
        Connectors.Kubernetes.Workloads.ClusterWatcher.NamespacesOf(kubernetes, options.Targets);

    private static KubernetesOptions Finish(KubernetesOptions options, MapNode map, string path, ReadingContext context)
    {
        if (options.ClusterWide && options.Namespaces.Count > 0) context.Add(map, path, "clusterWide", "is true, and namespaces are named; leave one of both out");
        if (options.Context is not null && options.Kubeconfig is null && map.Find("kubeconfig") is null) context.Add(map, path, "context", "is given without kubeconfig; write kubeconfig, or leave it out");
        return options;
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex("^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex LabelPattern();
}
