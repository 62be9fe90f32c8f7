using System.Globalization;
using System.Text.Json.Nodes;

namespace UpgradeWatch.TestKit.Kubernetes;

/// <content>StatefulSets, DaemonSets and Argo's Rollouts.</content>
public sealed partial class KubeControllers
{
    // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#rolling-updates and .../daemonset/: both keep
    // their templates in ControllerRevisions, and take an old one up again with a new number.
    private void RunRevisioned(string resource, string ns, string name, int most)
    {
        var isDaemon = resource == "daemonsets";
        var workload = store.Find(resource, ns, name)!;
        var uid = (string)workload["metadata"]!["uid"]!;
        var template = workload["spec"]!["template"]!.AsObject();
        var hash = HashOf(template);
        var revision = $"{name}-{hash}";
        MakeRevision(isDaemon ? "DaemonSet" : "StatefulSet", ns, name, uid, revision, hash, template);
        var desired = isDaemon ? 2 : (int?)workload["spec"]!["replicas"] ?? 1;
        var label = isDaemon ? hash : revision;
        Observe(workload);
        if (!isDaemon) workload["status"]!["updateRevision"] = revision;
        workload["status"]!["currentRevision"] ??= isDaemon ? null : revision;
        CountInto(workload, resource, ns, label, desired);
        store.Put(resource, workload);
        var partition = (int?)workload["spec"]!["updateStrategy"]?["rollingUpdate"]?["partition"] ?? 0;
        for (var i = desired - 1; i >= partition && most > 0; i--)
        {
            var pod = $"{name}-{(isDaemon ? PodHash(i) : i.ToString(CultureInfo.InvariantCulture))}";
            if ((string?)store.Find("pods", ns, pod)?["metadata"]!["labels"]!["controller-revision-hash"] == label) continue;
            store.Delete("pods", ns, pod);
            var isReady = StartPod(ns, name, isDaemon ? "DaemonSet" : "StatefulSet", uid, "controller-revision-hash", label, template, pod);
            CountRevisioned(resource, ns, name, label, desired);
            if (!isReady) return;
            most--;
        }

        var done = store.Find(resource, ns, name)!;
        if (!isDaemon && (int?)done["status"]!["updatedReplicas"] == desired) done["status"]!["currentRevision"] = revision;
        store.Put(resource, done);
    }

    private void CountRevisioned(string resource, string ns, string name, string label, int desired)
    {
        var workload = store.Find(resource, ns, name)!;
        CountInto(workload, resource, ns, label, desired);
        store.Put(resource, workload);
    }

    private void CountInto(JsonObject workload, string resource, string ns, string label, int desired)
    {
        var pods = Owned("pods", ns, (string)workload["metadata"]!["uid"]!);
        var updated = pods.Count(pod => (string?)pod["metadata"]!["labels"]!["controller-revision-hash"] == label);
        var ready = pods.Count(IsReady);
        var status = workload["status"]!.AsObject();
        if (resource == "daemonsets")
        {
            (status["desiredNumberScheduled"], status["updatedNumberScheduled"], status["numberAvailable"]) = (desired, updated, ready);
        }
        else
        {
            (status["replicas"], status["updatedReplicas"], status["readyReplicas"], status["availableReplicas"]) = (pods.Count, updated, ready, ready);
        }
    }

    private void MakeRevision(string kind, string ns, string name, string uid, string revision, string hash, JsonObject template)
    {
        var others = Owned("controllerrevisions", ns, uid);
        var newest = others.Select(one => (long)one["revision"]!).DefaultIfEmpty().Max();
        var found = store.Find("controllerrevisions", ns, revision);
        if (found is not null && (long)found["revision"]! == newest) return;
        var made = found ?? New(ns, revision, kind, uid, name, ("controller-revision-hash", hash));
        made["revision"] = newest + 1;
        made["data"] ??= new JsonObject { ["spec"] = new JsonObject { ["template"] = template.DeepClone() } };
        store.Put("controllerrevisions", made);
    }

    // https://argoproj.github.io/argo-rollouts/features/specification/: a canary of one pod, a pause until it is promoted
    // (here: spec.paused taken away), then all; aborted ones go back to the stable pods.
    private void RunRollout(string ns, string name, int most)
    {
        var rollout = store.Find("rollouts", ns, name)!;
        var uid = (string)rollout["metadata"]!["uid"]!;
        var template = rollout["spec"]!["template"]!.AsObject();
        var hash = HashOf(template);
        var set = $"{name}-{hash}";
        var desired = (int?)rollout["spec"]!["replicas"] ?? 1;
        if (store.Find("replicasets", ns, set) is null)
        {
            var made = New(ns, set, "Rollout", uid, name, ("rollouts-pod-template-hash", hash));
            made["metadata"]!["annotations"] = new JsonObject { ["rollout.argoproj.io/revision"] = (Owned("replicasets", ns, uid).Count + 1).ToString(CultureInfo.InvariantCulture) };
            made["spec"] = new JsonObject { ["replicas"] = 0, ["template"] = template.DeepClone() };
            store.Put("replicasets", made);
        }

        rollout["status"] ??= new JsonObject();
        var status = rollout["status"]!.AsObject();
        status["observedGeneration"] = ((long)rollout["metadata"]!["generation"]!).ToString(CultureInfo.InvariantCulture);
        if ((string?)status["currentPodHash"] != hash) status["abort"] = false;
        (status["currentPodHash"], status["phase"]) = (hash, "Progressing");
        status["stableRS"] ??= hash;
        SetProgressing(rollout, "True", "ReplicaSetUpdated", $"ReplicaSet \"{set}\"");
        store.Put("rollouts", rollout);
        var pauses = (string)status["stableRS"]! != hash && (bool?)rollout["spec"]!["paused"] == true;
        for (var i = Owned("pods", ns, UidOf("replicasets", ns, set)).Count; i < Math.Min(desired, pauses ? 1 : most); i++)
        {
            var isReady = StartPod(ns, set, "ReplicaSet", UidOf("replicasets", ns, set), "rollouts-pod-template-hash", hash, template);
            if (!pauses && isReady) RemoveOld(ns, rollout, set);
            if (!isReady) return;
        }

        rollout = store.Find("rollouts", ns, name)!;
        rollout["status"]!["availableReplicas"] = desired;
        rollout["status"]!["updatedReplicas"] = Owned("pods", ns, UidOf("replicasets", ns, set)).Count;
        var isDone = !pauses && (int?)rollout["status"]!["updatedReplicas"] >= desired;
        rollout["status"]!["phase"] = pauses ? "Paused" : isDone ? "Healthy" : "Progressing";
        if (isDone) rollout["status"]!["stableRS"] = hash;
        store.Put("rollouts", rollout);
    }

    /// <summary>Aborts a Rollout, and takes its new pods away.</summary>
    public void Abort(string ns, string name, string message)
    {
        var rollout = store.Find("rollouts", ns, name)!;
        var status = rollout["status"]!.AsObject();
        (status["abort"], status["abortedAt"], status["phase"], status["message"]) = (true, Stamp(time.GetUtcNow()), "Degraded", message);
        store.Put("rollouts", rollout);
        foreach (var pod in Owned("pods", ns, UidOf("replicasets", ns, $"{name}-{(string)status["currentPodHash"]!}"))) store.Delete("pods", ns, (string)pod["metadata"]!["name"]!);
        rollout = store.Find("rollouts", ns, name)!;
        rollout["status"]!["updatedReplicas"] = 0;
        store.Put("rollouts", rollout);
    }
}
