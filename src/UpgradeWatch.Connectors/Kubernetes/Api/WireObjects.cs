using System.Text.Json;
using System.Text.Json.Serialization;

namespace UpgradeWatch.Connectors.Kubernetes.Api;

// The few fields that are read of all kinds of objects together, so that one type serves for all. Everything may be missing.
// Field names: https://kubernetes.io/docs/reference/kubernetes-api/ and https://argoproj.github.io/argo-rollouts/.

/// <summary>An object of any kind that is watched.</summary>
internal sealed record WireObject
{
    public WireMeta? Metadata { get; init; }

    public WireSpec? Spec { get; init; }

    public WireStatus? Status { get; init; }

    /// <summary>Number of a ControllerRevision.</summary>
    public long? Revision { get; init; }

    /// <summary>What a ControllerRevision keeps.</summary>
    public WireData? Data { get; init; }

    /// <summary>What an Event is about.</summary>
    public WireReference? InvolvedObject { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public long? Count { get; init; }

    public DateTimeOffset? LastTimestamp { get; init; }

    public DateTimeOffset? EventTime { get; init; }

    public WireSeries? Series { get; init; }
}

/// <summary><c>metadata</c>.</summary>
internal sealed record WireMeta
{
    public string? Name { get; init; }

    public string? Namespace { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public string? Continue { get; init; }

    public long? Generation { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    public DateTimeOffset? DeletionTimestamp { get; init; }

    public Dictionary<string, string?>? Labels { get; init; }

    public Dictionary<string, string?>? Annotations { get; init; }

    public List<WireReference>? OwnerReferences { get; init; }
}

/// <summary>An object that is named by another one.</summary>
internal sealed record WireReference(string? Kind, string? Name, string? Uid, bool? Controller);

/// <summary><c>spec</c> of a workload or ReplicaSet.</summary>
internal sealed record WireSpec
{
    public int? Replicas { get; init; }

    public bool? Paused { get; init; }

    public WireTemplate? Template { get; init; }
}

/// <summary>A pod template.</summary>
internal sealed record WireTemplate(WireMeta? Metadata, WirePodSpec? Spec);

/// <summary><c>spec</c> of a pod template.</summary>
internal sealed record WirePodSpec(List<WireContainer>? InitContainers, List<WireContainer>? Containers);

/// <summary>A container of a pod template.</summary>
internal sealed record WireContainer(string? Name, string? Image);

/// <summary><c>data</c> of a ControllerRevision.</summary>
internal sealed record WireData(WireSpec? Spec);

/// <summary><c>series</c> of an Event.</summary>
internal sealed record WireSeries(long? Count, DateTimeOffset? LastObservedTime);

/// <summary><c>status</c> of a workload or pod.</summary>
internal sealed record WireStatus
{
    /// <summary>A number; Argo's Rollouts write it as text.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public long? ObservedGeneration { get; init; }

    public int? Replicas { get; init; }

    public int? UpdatedReplicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? AvailableReplicas { get; init; }

    public string? CurrentRevision { get; init; }

    public string? UpdateRevision { get; init; }

    public int? DesiredNumberScheduled { get; init; }

    public int? UpdatedNumberScheduled { get; init; }

    public int? NumberAvailable { get; init; }

    /// <summary>Of a pod or of a Rollout.</summary>
    public string? Phase { get; init; }

    public string? Message { get; init; }

    public string? Reason { get; init; }

    public bool? Abort { get; init; }

    public DateTimeOffset? AbortedAt { get; init; }

    public string? CurrentPodHash { get; init; }

    /// <summary>Hash of the pods that a Rollout goes back to.</summary>
    [JsonPropertyName("stableRS")]
    public string? StableRs { get; init; }

    public List<WireCondition>? Conditions { get; init; }

    public List<WireContainerStatus>? InitContainerStatuses { get; init; }

    public List<WireContainerStatus>? ContainerStatuses { get; init; }
}

/// <summary>A condition.</summary>
internal sealed record WireCondition(string? Type, string? Status, string? Reason, string? Message, DateTimeOffset? LastUpdateTime, DateTimeOffset? LastTransitionTime);

/// <summary>How a container of a pod is.</summary>
internal sealed record WireContainerStatus(string? Name, int? RestartCount, WireState? State, WireState? LastState);

/// <summary>In which state it is, or was.</summary>
internal sealed record WireState(WireWaiting? Waiting, WireTerminated? Terminated);

/// <summary>Why it does not run.</summary>
internal sealed record WireWaiting(string? Reason, string? Message);

/// <summary>How it ended.</summary>
internal sealed record WireTerminated(int? ExitCode, string? Reason, string? Message, DateTimeOffset? FinishedAt);

/// <summary>One line of a watch.</summary>
internal sealed record WireEvent(string? Type, JsonElement Object);

/// <summary>An error of the API.</summary>
internal sealed record WireFailure(string? Message, string? Reason, int? Code);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WireObject))]
[JsonSerializable(typeof(WireEvent))]
[JsonSerializable(typeof(WireFailure))]
internal sealed partial class WireJson : JsonSerializerContext;
