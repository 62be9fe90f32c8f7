using UpgradeWatch.Connectors.Kubernetes.Workloads;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Hosting;

/// <summary>How the watch of the cluster is doing.</summary>
internal sealed class KubernetesHealth(ClusterWatcher watcher, TimeProvider time)
{
    private readonly Lock _gate = new();
    private DependencyDocument? _latest;

    /// <summary>The state at this moment, for the status.</summary>
    public DependencyDocument Read()
    {
        var problems = watcher.Problems;
        var worth = problems.Concat(watcher.Notes).ToList();
        lock (_gate)
        {
            if (problems.Count == 0 && !watcher.IsSynced)
                return _latest = new DependencyDocument { State = "unknown", LastError = null, Since = null, AskedAt = null };
            _latest = DependencyDocument.After(_latest, problems.Count == 0 ? null : string.Join(' ', problems), time.GetUtcNow());
            return worth.Count == 0 ? _latest : _latest with { LastError = string.Join(' ', worth) };
        }
    }
}
