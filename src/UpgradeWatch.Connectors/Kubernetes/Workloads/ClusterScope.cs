using Microsoft.Extensions.Logging;
using UpgradeWatch.Connectors.Kubernetes.Api;
using UpgradeWatch.Connectors.Kubernetes.Watching;

namespace UpgradeWatch.Connectors.Kubernetes.Workloads;

/// <summary>What is known of one namespace, or of the whole cluster.</summary>
internal sealed class ClusterScope
{
    private readonly (WorkloadKind Kind, KindWatcher<Workload> Watcher)[] _workloads;
    private readonly KindWatcher<Revision> _replicaSets;
    private readonly KindWatcher<Revision> _controllerRevisions;
    private readonly KindWatcher<Pod> _pods;
    private readonly KindWatcher<PodWarning> _warnings;

    /// <summary>Makes it.</summary>
    /// <param name="api">The API.</param>
    /// <param name="ns">The namespace; null for all.</param>
    /// <param name="changed">Told when something has changed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of trouble.</param>
    public ClusterScope(KubernetesApi api, string? ns, Action changed, TimeProvider time, ILogger logger)
    {
        _workloads =
        [
            (WorkloadKind.Deployment, Watch(ResourceKind.Deployments, from => ObjectReading.Workload(from, WorkloadKind.Deployment))),
            (WorkloadKind.StatefulSet, Watch(ResourceKind.StatefulSets, from => ObjectReading.Workload(from, WorkloadKind.StatefulSet))),
            (WorkloadKind.DaemonSet, Watch(ResourceKind.DaemonSets, from => ObjectReading.Workload(from, WorkloadKind.DaemonSet))),
            (WorkloadKind.Rollout, Watch(ResourceKind.Rollouts, from => ObjectReading.Workload(from, WorkloadKind.Rollout))),
        ];
        _replicaSets = Watch(ResourceKind.ReplicaSets, ObjectReading.ReplicaSet);
        _controllerRevisions = Watch(ResourceKind.ControllerRevisions, ObjectReading.ControllerRevision);
        _pods = Watch(ResourceKind.Pods, ObjectReading.Pod);
        _warnings = Watch(ResourceKind.PodWarnings, ObjectReading.Warning);
        All = [.. _workloads.Select(one => one.Watcher), _replicaSets, _controllerRevisions, _pods, _warnings];

        KindWatcher<T> Watch<T>(ResourceKind kind, Func<WireObject, T?> read)
            where T : KubeObject => new(api, kind, ns, read, changed, time, logger);
    }

    /// <summary>All that is watched.</summary>
    public IReadOnlyList<KindWatcher> All { get; }

    /// <summary>Whether pods can be seen.</summary>
    public bool SeesPods => _pods.IsSynced && _pods.Problem is null;

    /// <summary>The workloads that pass, of the kinds that are fully known with their revisions.</summary>
    public IEnumerable<Workload> Workloads(Func<Workload, bool> pass) => _workloads
        .Where(one => one.Watcher.IsSynced && RevisionsOf(one.Kind).IsSynced)
        .SelectMany(one => one.Watcher.Shelf.All)
        .Where(pass);

    /// <summary>Revisions of a workload.</summary>
    public IReadOnlyList<Revision> Revisions(Workload workload) => RevisionsOf(workload.Kind).Shelf.Of(workload.Uid);

    /// <summary>Pods of a workload.</summary>
    public IEnumerable<Pod> Pods(Workload workload) =>
        workload.Kind is WorkloadKind.StatefulSet or WorkloadKind.DaemonSet ? _pods.Shelf.Of(workload.Uid) : Revisions(workload).SelectMany(one => _pods.Shelf.Of(one.Uid));

    /// <summary>Warnings about a pod.</summary>
    public IReadOnlyList<PodWarning> Warnings(Pod pod) => _warnings.Shelf.Of(pod.Key);

    private KindWatcher<Revision> RevisionsOf(WorkloadKind kind) => kind is WorkloadKind.Deployment or WorkloadKind.Rollout ? _replicaSets : _controllerRevisions;
}
