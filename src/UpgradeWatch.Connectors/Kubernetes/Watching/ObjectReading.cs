using UpgradeWatch.Connectors.Kubernetes.Api;

namespace UpgradeWatch.Connectors.Kubernetes.Watching;

/// <summary>Takes from objects what is kept of them; null for one without what makes it one.</summary>
internal static class ObjectReading
{
    /// <summary>The annotation that names a workload's target.</summary>
    public const string TargetAnnotation = "upgradewatch.io/target";

    private const string VersionLabel = "app.kubernetes.io/version";
    private const string DeploymentRevision = "deployment.kubernetes.io/revision";
    private const string DeploymentHistory = "deployment.kubernetes.io/revision-history";
    private const string RolloutRevision = "rollout.argoproj.io/revision";
    private const int MostText = 500;

    public static Workload? Workload(WireObject from, WorkloadKind kind)
    {
        if (from is not { Metadata: { Name: { Length: > 0 } name, Namespace: { Length: > 0 } ns, Uid: { Length: > 0 } uid } meta }) return null;
        var status = from.Status ?? new WireStatus();
        var workload = new Workload
        {
            Kind = kind,
            Namespace = ns,
            Name = name,
            Uid = uid,
            Labels = Plain(meta.Labels),
            TargetAnnotation = Text(meta.Annotations, TargetAnnotation),
            Wanted = from.Spec?.Template is { Spec: not null } template ? IdentityOf(template) : null,
            IsPaused = from.Spec?.Paused == true,
            IsAsleep = from.Spec?.Replicas == 0,
            // A Rollout that has never been told of a generation has none to compare.
            IsObserved = meta.Generation is not { } generation || status.ObservedGeneration >= generation,
        };
        var desired = from.Spec?.Replicas ?? 1;
        return kind switch
        {
            WorkloadKind.Deployment => OfDeployment(workload, meta, status, desired),
            WorkloadKind.StatefulSet => OfStatefulSet(workload, status, desired),
            WorkloadKind.DaemonSet => OfDaemonSet(workload, status),
            _ => OfRollout(workload, status, desired),
        };
    }

    public static Revision? ReplicaSet(WireObject from)
    {
        if (Revision(from, from.Spec?.Template) is not { } revision) return null;
        var annotations = from.Metadata!.Annotations;
        var labels = from.Metadata.Labels;
        return revision with
        {
            Number = long.TryParse(Text(annotations, DeploymentRevision) ?? Text(annotations, RolloutRevision), out var number) ? number : 0,
            Hash = Text(labels, "rollouts-pod-template-hash") ?? Text(labels, "pod-template-hash") ?? revision.Name,
            IsReused = Text(annotations, DeploymentHistory) is { Length: > 0 },
        };
    }

    public static Revision? ControllerRevision(WireObject from) => Revision(from, from.Data?.Spec?.Template) is { } revision
        ? revision with { Number = from.Revision ?? 0, Hash = Text(from.Metadata!.Labels, "controller-revision-hash") ?? revision.Name }
        : null;

    public static Pod? Pod(WireObject from)
    {
        if (from is not { Metadata: { Name: { Length: > 0 } name, Namespace: { Length: > 0 } ns } meta }) return null;
        var status = from.Status ?? new WireStatus();
        var ready = status.Conditions?.FirstOrDefault(one => one.Type == "Ready");
        var scheduled = status.Conditions?.FirstOrDefault(one => one is { Type: "PodScheduled", Status: "False" });
        return new Pod
        {
            Namespace = ns,
            Name = name,
            Owner = ControllerOf(meta),
            CreatedAt = meta.CreationTimestamp ?? default,
            Hash = Text(meta.Labels, "pod-template-hash") ?? Text(meta.Labels, "rollouts-pod-template-hash") ?? Text(meta.Labels, "controller-revision-hash") ?? "",
            IsReady = ready?.Status == "True",
            ReadySince = ready?.LastTransitionTime,
            IsPending = status.Phase == "Pending",
            IsGone = meta.DeletionTimestamp is not null || status.Phase is "Succeeded" or "Failed",
            Unschedulable = scheduled is { Reason: "Unschedulable" } ? Short(scheduled.Message) ?? "no node takes it" : null,
            Containers = [.. (status.InitContainerStatuses ?? []).Concat(status.ContainerStatuses ?? []).Select(Container)],
        };
    }

    public static PodWarning? Warning(WireObject from)
    {
        if (from is not { Metadata: { Name: { Length: > 0 } name, Namespace: { Length: > 0 } ns }, InvolvedObject: { Kind: "Pod", Name: { Length: > 0 } pod } }) return null;
        return new PodWarning
        {
            Namespace = ns,
            Name = name,
            Owner = $"{ns}/{pod}",
            Pod = pod,
            Reason = Short(from.Reason) ?? "",
            Message = Short(from.Message) ?? "",
            Count = from.Series?.Count ?? from.Count ?? 1,
            At = from.Series?.LastObservedTime ?? from.LastTimestamp ?? from.EventTime ?? from.Metadata.CreationTimestamp ?? default,
        };
    }

    private static Workload OfDeployment(Workload workload, WireMeta meta, WireStatus status, int desired)
    {
        // https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
        var progressing = status.Conditions?.FirstOrDefault(one => one.Type == "Progressing");
        var (updated, all, available) = (status.UpdatedReplicas ?? 0, status.Replicas ?? 0, status.AvailableReplicas ?? 0);
        var settled = workload.IsObserved && updated >= desired && all <= updated && available >= updated;
        return workload with
        {
            CurrentRevision = Text(meta.Annotations, DeploymentRevision),
            IsSettled = settled,
            SettledAt = settled && progressing is { Reason: "NewReplicaSetAvailable" } ? progressing.LastUpdateTime : null,
            ProgressedAt = progressing?.LastUpdateTime,
            Stuck = progressing is { Status: "False", Reason: "ProgressDeadlineExceeded" } ? Short(progressing.Message) ?? "its progress deadline is exceeded" : null,
        };
    }

    // A roll-out that stops at a partition, or waits for pods to be deleted by hand, goes on only when somebody lets it.
    private static Workload OfStatefulSet(Workload workload, WireStatus status, int desired) => workload with
    {
        CurrentRevision = workload.IsObserved ? status.UpdateRevision : null,
        PreviousRevision = status.CurrentRevision,
        IsSettled = workload.IsObserved && status.UpdateRevision == status.CurrentRevision && (status.ReadyReplicas ?? 0) >= desired,
    };

    private static Workload OfDaemonSet(Workload workload, WireStatus status) => workload with
    {
        CurrentRevision = workload.IsObserved ? "" : null,
        IsSettled = workload.IsObserved && (status.UpdatedNumberScheduled ?? 0) >= (status.DesiredNumberScheduled ?? 0) && (status.NumberAvailable ?? 0) >= (status.DesiredNumberScheduled ?? 0),
    };

    // https://argoproj.github.io/argo-rollouts/: an aborted one sends everything back to its stable pods.
    private static Workload OfRollout(Workload workload, WireStatus status, int desired)
    {
        var progressing = status.Conditions?.FirstOrDefault(one => one.Type == "Progressing");
        if (status.Abort == true)
        {
            return workload with
            {
                CurrentRevision = status.StableRs,
                PreviousRevision = status.CurrentPodHash,
                IsSettled = (status.UpdatedReplicas ?? 0) == 0 && (status.AvailableReplicas ?? 0) >= desired,
                Aborted = (Short(status.Message) ?? "it was aborted", status.AbortedAt),
            };
        }

        return workload with
        {
            CurrentRevision = status.CurrentPodHash,
            PreviousRevision = status.StableRs == status.CurrentPodHash ? null : status.StableRs,
            IsSettled = workload.IsObserved && status.Phase == "Healthy" && status.StableRs == status.CurrentPodHash,
            ProgressedAt = progressing?.LastUpdateTime,
            Stuck = progressing is { Status: "False", Reason: "ProgressDeadlineExceeded" } ? Short(progressing.Message) ?? "its progress deadline is exceeded" : null,
        };
    }

    private static Revision? Revision(WireObject from, WireTemplate? template)
    {
        if (from is not { Metadata: { Name: { Length: > 0 } name, Namespace: { Length: > 0 } ns, Uid: { Length: > 0 } uid, CreationTimestamp: { } created } meta }) return null;
        var labels = template?.Metadata?.Labels;
        return new Revision
        {
            Namespace = ns,
            Name = name,
            Uid = uid,
            Owner = ControllerOf(meta),
            Hash = name,
            CreatedAt = created,
            Version = Text(labels, VersionLabel),
            PartOf = Text(labels, "app.kubernetes.io/part-of"),
            Images = ImagesOf(template),
            Identity = IdentityOf(template),
        };
    }

    private static List<(string Container, string Image)> ImagesOf(WireTemplate? template) =>
        [.. (template?.Spec?.Containers ?? []).Concat(template?.Spec?.InitContainers ?? []).Where(one => one.Image is not null).Select(one => (one.Name ?? "", one.Image!))];

    private static string IdentityOf(WireTemplate? template) =>
        $"{Text(template?.Metadata?.Labels, VersionLabel)} {string.Join(' ', ImagesOf(template).Select(one => one.Image).Order(StringComparer.Ordinal))}";

    private static PodContainer Container(WireContainerStatus from)
    {
        // What waits has ended before; what runs may have.
        var ended = from.State?.Terminated ?? from.LastState?.Terminated;
        return new PodContainer
        {
            Name = Short(from.Name) ?? "",
            Restarts = from.RestartCount ?? 0,
            Waiting = Short(from.State?.Waiting?.Reason),
            WaitingMessage = Short(from.State?.Waiting?.Message),
            ExitCode = ended?.ExitCode,
            EndReason = Short(ended?.Reason),
            EndMessage = Short(ended?.Message),
            EndedAt = ended?.FinishedAt,
        };
    }

    private static string ControllerOf(WireMeta meta) => meta.OwnerReferences?.FirstOrDefault(one => one.Controller == true)?.Uid ?? "";

    private static string? Text(Dictionary<string, string?>? from, string key) => from is not null && from.TryGetValue(key, out var value) && !string.IsNullOrWhiteSpace(value) ? Short(value) : null;

    private static Dictionary<string, string> Plain(Dictionary<string, string?>? from) => (from ?? []).ToDictionary(one => one.Key, one => one.Value ?? "");

    // What somebody else wrote: bounded, because it is kept of each of many objects.
    private static string? Short(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Length > MostText ? text[..MostText] : text;
}
