using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace UpgradeWatch.TestKit.Kubernetes;

/// <summary>
/// Does to workloads what the controllers of a cluster do, one write after the other, when it is told to. Field names and
/// reasons: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ and the API reference.
/// </summary>
public sealed partial class KubeControllers(KubeStore store, TimeProvider time)
{
    private const string RevisionAnnotation = "deployment.kubernetes.io/revision";
    private int _pods;

    /// <summary>The time as the API writes it, to the second.</summary>
    public static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Takes note of a workload's specification, and rolls it out as far as it goes: to the end, to a pause, or to a pod that does not start.</summary>
    /// <param name="resource">deployments, statefulsets, daemonsets or rollouts.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="most">Pods of the new template that are started at most.</param>
    public void Run(string resource, string ns, string name, int most = int.MaxValue)
    {
        switch (resource)
        {
            case "deployments":
                RunDeployment(ns, name, most);
                break;
            case "rollouts":
                RunRollout(ns, name, most);
                break;
            default:
                RunRevisioned(resource, ns, name, most);
                break;
        }
    }

    /// <summary>Has the roll-out of a Deployment have taken too long.</summary>
    public void ExceedDeadline(string ns, string name)
    {
        var deployment = store.Find("deployments", ns, name)!;
        SetProgressing(deployment, "False", "ProgressDeadlineExceeded", $"ReplicaSet \"{name}\" has timed out progressing.");
        store.Put("deployments", deployment);
    }

    private void RunDeployment(string ns, string name, int most)
    {
        var deployment = store.Find("deployments", ns, name)!;
        var desired = (int?)deployment["spec"]!["replicas"] ?? 1;
        var isPaused = (bool?)deployment["spec"]!["paused"] == true;
        var template = deployment["spec"]!["template"]!.AsObject();
        var hash = HashOf(template);
        var set = $"{name}-{hash}";
        var isNew = Current(deployment, ns) != set;
        if (isNew && !isPaused)
        {
            MakeReplicaSet(deployment, ns, set, hash, template);
            deployment = store.Find("deployments", ns, name)!;
        }

        // What is observed and what is counted are told in one write.
        Observe(deployment);
        CountInto(deployment, ns, isPaused ? Current(deployment, ns) : set);
        store.Put("deployments", deployment);
        if (isPaused) return;
        for (var started = 0; started < most && Owned("pods", ns, UidOf("replicasets", ns, set)).Count < desired; started++)
        {
            var isReady = StartPod(ns, set, "ReplicaSet", UidOf("replicasets", ns, set), "pod-template-hash", hash, template);
            if (isReady) RemoveOld(ns, deployment, set);
            Count(ns, name, set, "ReplicaSetUpdated");
            if (!isReady) return;
        }

        foreach (var tooMany in Owned("pods", ns, UidOf("replicasets", ns, set)).Skip(desired)) store.Delete("pods", ns, (string)tooMany["metadata"]!["name"]!);
        if (Owned("pods", ns, UidOf("replicasets", ns, set)).Count < desired) return;
        while (RemoveOld(ns, deployment, set)) Count(ns, name, set, "ReplicaSetUpdated");
        Count(ns, name, set, "NewReplicaSetAvailable");
    }

    private string? Current(JsonObject deployment, string ns)
    {
        var revision = (string?)deployment["metadata"]!["annotations"]?[RevisionAnnotation];
        return Owned("replicasets", ns, (string)deployment["metadata"]!["uid"]!)
            .Where(one => revision is not null && (string?)one["metadata"]!["annotations"]?[RevisionAnnotation] == revision)
            .Select(one => (string)one["metadata"]!["name"]!).FirstOrDefault();
    }

    // An old template is taken up again with a new number; its ReplicaSet keeps the day it was made.
    private void MakeReplicaSet(JsonObject deployment, string ns, string set, string hash, JsonObject template)
    {
        var uid = (string)deployment["metadata"]!["uid"]!;
        var number = Owned("replicasets", ns, uid).Select(one => long.Parse((string)one["metadata"]!["annotations"]![RevisionAnnotation]!, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max() + 1;
        var found = store.Find("replicasets", ns, set);
        var replicaSet = found ?? New(ns, set, "Deployment", uid, (string)deployment["metadata"]!["name"]!, ("pod-template-hash", hash));
        var annotations = replicaSet["metadata"]!["annotations"] as JsonObject ?? [];
        if (found is not null) annotations["deployment.kubernetes.io/revision-history"] = (string)annotations[RevisionAnnotation]!;
        annotations[RevisionAnnotation] = number.ToString(CultureInfo.InvariantCulture);
        replicaSet["metadata"]!["annotations"] = annotations.Parent is null ? annotations : annotations.DeepClone();
        replicaSet["spec"] ??= new JsonObject { ["replicas"] = 0, ["template"] = template.DeepClone() };
        store.Put("replicasets", replicaSet);

        deployment["metadata"]!["annotations"] ??= new JsonObject();
        deployment["metadata"]!["annotations"]![RevisionAnnotation] = number.ToString(CultureInfo.InvariantCulture);
        SetProgressing(deployment, "True", found is null ? "NewReplicaSetCreated" : "FoundNewReplicaSet", $"ReplicaSet \"{set}\"");
        store.Put("deployments", deployment);
    }

    private bool RemoveOld(string ns, JsonObject deployment, string set)
    {
        foreach (var other in Owned("replicasets", ns, (string)deployment["metadata"]!["uid"]!).Where(one => (string)one["metadata"]!["name"]! != set))
        {
            if (Owned("pods", ns, (string)other["metadata"]!["uid"]!) is not [var pod, ..]) continue;
            store.Delete("pods", ns, (string)pod["metadata"]!["name"]!);
            return true;
        }

        return false;
    }

    private void Count(string ns, string name, string set, string reason)
    {
        var deployment = store.Find("deployments", ns, name)!;
        CountInto(deployment, ns, set);
        var before = (string?)deployment["status"]?["conditions"]?.AsArray().FirstOrDefault(one => (string?)one!["type"] == "Progressing")?["reason"];
        if (before != reason || reason != "NewReplicaSetAvailable") SetProgressing(deployment, "True", reason, $"ReplicaSet \"{set}\"");
        store.Put("deployments", deployment);
    }

    private void CountInto(JsonObject deployment, string ns, string? set)
    {
        var sets = Owned("replicasets", ns, (string)deployment["metadata"]!["uid"]!);
        var updated = set is null ? [] : Owned("pods", ns, UidOf("replicasets", ns, set));
        var all = sets.SelectMany(one => Owned("pods", ns, (string)one["metadata"]!["uid"]!)).ToList();
        var status = deployment["status"]!.AsObject();
        (status["replicas"], status["updatedReplicas"]) = (all.Count, updated.Count);
        (status["readyReplicas"], status["availableReplicas"]) = (all.Count(IsReady), all.Count(IsReady));
    }

    private void SetProgressing(JsonObject deployment, string status, string reason, string message)
    {
        deployment["status"] ??= new JsonObject();
        deployment["status"]!["conditions"] = new JsonArray(
            new JsonObject
            {
                ["type"] = "Progressing",
                ["status"] = status,
                ["reason"] = reason,
                ["message"] = message,
                ["lastUpdateTime"] = Stamp(time.GetUtcNow()),
                ["lastTransitionTime"] = Stamp(time.GetUtcNow()),
            });
    }

    private static void Observe(JsonObject workload)
    {
        workload["status"] ??= new JsonObject();
        workload["status"]!["observedGeneration"] = (long)workload["metadata"]!["generation"]!;
    }

    private IReadOnlyList<JsonObject> Owned(string resource, string ns, string uid) =>
    [
        .. store.List(resource, ns).Objects.Select(one => JsonNode.Parse(one)!.AsObject())
            .Where(one => one["metadata"]!["ownerReferences"] is JsonArray owners && owners.Any(owner => (string?)owner!["uid"] == uid)),
    ];

    private string UidOf(string resource, string ns, string name) => (string)store.Find(resource, ns, name)!["metadata"]!["uid"]!;

    private JsonObject New(string ns, string name, string ownerKind, string ownerUid, string ownerName, params (string Key, string Value)[] labels) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = ns,
            ["uid"] = Guid.NewGuid().ToString(),
            ["creationTimestamp"] = Stamp(time.GetUtcNow()),
            ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            ["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = ownerKind, ["name"] = ownerName, ["uid"] = ownerUid, ["controller"] = true }),
            // Real objects have much that nobody here reads.
            ["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "kube-controller-manager", ["operation"] = "Update", ["fieldsV1"] = new JsonObject { ["f:metadata"] = new JsonObject { ["f:labels"] = new JsonObject() } } }),
        },
    };

    // As the hash of Kubernetes: letters that make no words.
    private static string HashOf(JsonObject template)
    {
        const string Letters = "bcdfghjklmnpqrstvwxz2456789";
        return string.Concat(SHA256.HashData(Encoding.UTF8.GetBytes(template.ToJsonString())).Take(9).Select(one => Letters[one % Letters.Length]));
    }
}
