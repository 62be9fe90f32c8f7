namespace UpgradeWatch.Connectors.Kubernetes.Watching;

/// <summary>What is kept of an object.</summary>
internal abstract record KubeObject
{
    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Uid of the object that controls it, or that it is about; empty for none.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Tells it from all others of its kind.</summary>
    public string Key => $"{Namespace}/{Name}";
}

/// <summary>A Deployment, StatefulSet, DaemonSet or Argo Rollout.</summary>
internal sealed record Workload : KubeObject
{
    public required WorkloadKind Kind { get; init; }

    public required string Uid { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Name of the target in its annotation; null for none.</summary>
    public string? TargetAnnotation { get; init; }

    /// <summary>Identity of the template that is wanted; null when it lies elsewhere.</summary>
    public string? Wanted { get; init; }

    /// <summary>Whether no instance of it is wanted: it stands by, or is a template for somebody else.</summary>
    public bool IsAsleep { get; init; }

    /// <summary>Whether nothing new is rolled out until somebody lets it.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether its controller has seen its newest specification.</summary>
    public bool IsObserved { get; init; }

    /// <summary>Name, number or hash of the revision that is rolled out; null when its controller has not said.</summary>
    public string? CurrentRevision { get; init; }

    /// <summary>The same of the revision that ran before, where the controller says it; null otherwise.</summary>
    public string? PreviousRevision { get; init; }

    /// <summary>Whether all its instances run that revision and are ready.</summary>
    public bool IsSettled { get; init; }

    /// <summary>When its controller said so; null when it does not say when.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>When its controller told last how the roll-out goes; null when it does not say.</summary>
    public DateTimeOffset? ProgressedAt { get; init; }

    /// <summary>Why it does not go on, as its controller says; null when it does.</summary>
    public string? Stuck { get; init; }

    /// <summary>Why what is rolled out is taken back, and since when; null when it is not.</summary>
    public (string Reason, DateTimeOffset? At)? Aborted { get; init; }

    /// <summary>How it is called in sentences.</summary>
    public string Title => $"{Kind} {Key}";
}

/// <summary>What is watched for roll-outs.</summary>
internal enum WorkloadKind
{
    /// <summary>apps/v1.</summary>
    Deployment,

    /// <summary>apps/v1.</summary>
    StatefulSet,

    /// <summary>apps/v1.</summary>
    DaemonSet,

    /// <summary>argoproj.io/v1alpha1.</summary>
    Rollout,
}

/// <summary>One template of a workload: a ReplicaSet or a ControllerRevision.</summary>
internal sealed record Revision : KubeObject
{
    public required string Uid { get; init; }

    /// <summary>Which it is, counted by its controller.</summary>
    public long Number { get; init; }

    /// <summary>Hash of its template, as on its pods.</summary>
    public required string Hash { get; init; }

    /// <summary>Whether it was rolled out before, and is rolled out again.</summary>
    public bool IsReused { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Version in its labels; null for none.</summary>
    public string? Version { get; init; }

    /// <summary>What it is part of, from its labels; null for none.</summary>
    public string? PartOf { get; init; }

    /// <summary>Images of its containers by container, those that run before them last.</summary>
    public required IReadOnlyList<(string Container, string Image)> Images { get; init; }

    /// <summary>Tells its template from any other: by version and images, so that a restart makes no other.</summary>
    public required string Identity { get; init; }
}

/// <summary>A pod.</summary>
internal sealed record Pod : KubeObject
{
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Hash of its template.</summary>
    public string Hash { get; init; } = "";

    public bool IsReady { get; init; }

    /// <summary>Since when it is ready, or not.</summary>
    public DateTimeOffset? ReadySince { get; init; }

    public bool IsPending { get; init; }

    /// <summary>Whether it has ended, or is ending.</summary>
    public bool IsGone { get; init; }

    /// <summary>Why no node takes it; null when one does.</summary>
    public string? Unschedulable { get; init; }

    public IReadOnlyList<PodContainer> Containers { get; init; } = [];
}

/// <summary>A container of a pod.</summary>
internal sealed record PodContainer
{
    public required string Name { get; init; }

    public int Restarts { get; init; }

    /// <summary>Why it does not run; null when it does, or has ended.</summary>
    public string? Waiting { get; init; }

    /// <summary>What is said about that.</summary>
    public string? WaitingMessage { get; init; }

    /// <summary>How it ended last; null when it never did.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why, for instance OOMKilled.</summary>
    public string? EndReason { get; init; }

    /// <summary>Its last words.</summary>
    public string? EndMessage { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>A warning about a pod.</summary>
internal sealed record PodWarning : KubeObject
{
    public required string Pod { get; init; }

    public required string Reason { get; init; }

    public required string Message { get; init; }

    public long Count { get; init; }

    public required DateTimeOffset At { get; init; }
}
