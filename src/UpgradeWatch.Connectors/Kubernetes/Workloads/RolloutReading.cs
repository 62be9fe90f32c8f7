using UpgradeWatch.Connectors.Kubernetes.Watching;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Sides;

namespace UpgradeWatch.Connectors.Kubernetes.Workloads;

/// <summary>Says how a workload's roll-out stands, from the workload, its revisions and its pods.</summary>
internal static class RolloutReading
{
    /// <summary>How it stands; null when it has never been rolled out, or while that is not clear.</summary>
    /// <param name="target">Name of the target.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="revisions">Its revisions.</param>
    /// <param name="pods">The pods of the revision that is rolled out; empty when pods may not be read.</param>
    /// <param name="now">Now, by the API's clock.</param>
    /// <param name="skew">What is added to a time of the API's clock.</param>
    public static RolloutSighting? Read(string target, Workload workload, IReadOnlyList<Revision> revisions, Func<Revision, IReadOnlyList<Pod>> pods, DateTimeOffset now, TimeSpan skew)
    {
        if (IsUnclear(workload, revisions) || Current(workload, revisions) is not { } current || current.Images.Count == 0) return null;
        var before = Before(workload, revisions, current);
        return new RolloutSighting
        {
            Target = target,
            Workload = workload.Title,
            Template = TemplateOf(workload, current),
            ChangedAt = ChangedAt(workload, revisions, current, now) + skew,
            Before = before is null ? null : TemplateOf(workload, before),
            DoneAt = workload.IsSettled ? DoneAt(workload, current, pods(current), now) + skew : null,
            Owner = current.PartOf,
            Remark = workload.Aborted?.Reason,
        };
    }

    /// <summary>
    /// Whether what is known of a workload does not fit together yet: the workload and its revisions are watched apart, so
    /// that one may be newer than the other.
    /// </summary>
    public static bool IsUnclear(Workload workload, IReadOnlyList<Revision> revisions)
    {
        if (!workload.IsObserved) return true;
        if (workload.CurrentRevision is null) return false;
        return Current(workload, revisions) is not { } current || (workload is { Wanted: { } wanted, IsPaused: false, Aborted: null } && wanted != current.Identity);
    }

    /// <summary>
    /// The version is the label <c>app.kubernetes.io/version</c> of the template, else the tag of the image, else the hash
    /// of the template. The hash does not tell two apart: it changes with every restart.
    /// </summary>
    public static RolloutTemplate TemplateOf(Workload workload, Revision revision)
    {
        var main = revision.Images.FirstOrDefault(one => one.Container == workload.Name);
        var version = revision.Version ?? TagOf(main.Image ?? revision.Images[0].Image);
        return new RolloutTemplate(version ?? revision.Hash, revision.Identity);
    }

    /// <summary>The tag of an image; null when it has none.</summary>
    public static string? TagOf(string image)
    {
        var name = image.AsSpan();
        if (name.IndexOf('@') is >= 0 and var at) name = name[..at];
        // What comes before the last slash may have a port.
        var tail = name[(name.LastIndexOf('/') + 1)..];
        return tail.IndexOf(':') is >= 0 and var colon && colon + 1 < tail.Length ? tail[(colon + 1)..].ToString() : null;
    }

    /// <summary>The revision that is rolled out; null when it is not known yet.</summary>
    public static Revision? Current(Workload workload, IReadOnlyList<Revision> revisions) => workload switch
    {
        { CurrentRevision: null } => null,
        { Kind: WorkloadKind.DaemonSet } => revisions.MaxBy(one => one.Number),
        { Kind: WorkloadKind.Deployment } => long.TryParse(workload.CurrentRevision, out var number) ? revisions.FirstOrDefault(one => one.Number == number) : null,
        _ => Named(revisions, workload.CurrentRevision),
    };

    /// <summary>Which pods are old and which are new; null when that is not clear, or nothing else ran before.</summary>
    public static InstanceSides? Sides(Workload workload, IReadOnlyList<Revision> revisions)
    {
        if (IsUnclear(workload, revisions) || Current(workload, revisions) is not { } current || Before(workload, revisions, current) is not { } before) return null;
        return new InstanceSides(PodsOf(workload, before), PodsOf(workload, current), "pod");
    }

    // The pods of a ReplicaSet begin with its name, which ends with the hash of the template. Those of others keep their
    // names; kube-state-metrics can tell their hash.
    private static InstanceSet PodsOf(Workload workload, Revision revision) => workload.Kind is WorkloadKind.Deployment or WorkloadKind.Rollout
        ? new InstanceSet { Matches = [new LabelMatch("pod", MatchOperator.Matches, $"{revision.Name.Replace(".", "[.]", StringComparison.Ordinal)}-[a-z0-9]+")] }
        : new InstanceSet
        {
            Having = new Selector("kube_pod_labels",
            [
                new LabelMatch("namespace", MatchOperator.Equal, workload.Namespace),
                new LabelMatch("label_controller_revision_hash", MatchOperator.Equal, workload.Kind == WorkloadKind.StatefulSet ? revision.Name : revision.Hash),
            ]),
            On = ["namespace", "pod"],
        };

    private static Revision? Before(Workload workload, IReadOnlyList<Revision> revisions, Revision current)
    {
        if (workload.PreviousRevision is { } previous && Named(revisions, previous) is { } named && named.Name != current.Name) return named;
        return revisions.Where(one => one.Number < current.Number).MaxBy(one => one.Number);
    }

    private static Revision? Named(IReadOnlyList<Revision> revisions, string name) => revisions.FirstOrDefault(one => one.Name == name || one.Hash == name);

    // A template that is taken up again keeps the day it was made: others were made later. Nothing tells since when it is
    // rolled out: that is since it is seen, or, when nobody looked, at the latest when it was done.
    private static DateTimeOffset ChangedAt(Workload workload, IReadOnlyList<Revision> revisions, Revision current, DateTimeOffset now)
    {
        if (workload.Aborted is { } aborted) return aborted.At ?? now;
        var isReused = current.IsReused || revisions.Any(one => one.CreatedAt > current.CreatedAt);
        if (!isReused) return current.CreatedAt;
        return workload.IsSettled ? workload.SettledAt ?? workload.ProgressedAt ?? now : now;
    }

    private static DateTimeOffset DoneAt(Workload workload, Revision current, IReadOnlyList<Pod> pods, DateTimeOffset now)
    {
        if (workload.SettledAt is { } told) return told;
        var ready = pods.Where(pod => pod is { IsReady: true, ReadySince: not null, IsGone: false } && IsOf(pod, current)).Select(pod => pod.ReadySince!.Value).DefaultIfEmpty().Max();
        return ready == default ? now : ready;
    }

    // A StatefulSet's pods carry the name of the revision, a DaemonSet's its hash.
    private static bool IsOf(Pod pod, Revision revision) => pod.Hash == revision.Hash || pod.Hash == revision.Name;
}
