using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace UpgradeWatch.TestKit.Kubernetes;

/// <content>Pods: started, ready, or in the trouble that their template asks for.</content>
public sealed partial class KubeControllers
{
    /// <summary>Starts a pod of a template: ready, or in the state that its command or image leads to. Gives whether it is ready.</summary>
    private bool StartPod(string ns, string owner, string ownerKind, string ownerUid, string hashLabel, string hash, JsonObject template, string? name = null)
    {
        name ??= $"{owner}-{PodHash(++_pods)}";
        var pod = New(ns, name, ownerKind, ownerUid, owner, (hashLabel, hash));
        pod["status"] = new JsonObject { ["phase"] = "Pending", ["conditions"] = new JsonArray(Condition("Ready", "False")) };
        store.Put("pods", pod);
        var container = template["spec"]!["containers"]![0]!;
        var command = string.Join(' ', (container["command"] as JsonArray ?? []).Select(part => (string?)part));
        if (ExitPattern().Match(command) is { Success: true } exit)
        {
            SetContainer(ns, name, CrashLoop((string)container["name"]!, int.Parse(exit.Groups[1].Value), 4, "Error", "panic: boom"));
            return false;
        }

        if (((string)container["image"]!).EndsWith(":does-not-exist", StringComparison.Ordinal))
        {
            SetContainer(ns, name, Waiting((string)container["name"]!, "ImagePullBackOff", $"Back-off pulling image \"{container["image"]}\""));
            return false;
        }

        SetReady(ns, name, true);
        return true;
    }

    /// <summary>Makes a pod ready, or not.</summary>
    public void SetReady(string ns, string name, bool isReady)
    {
        var pod = store.Find("pods", ns, name)!;
        pod["status"] = new JsonObject { ["phase"] = "Running", ["conditions"] = new JsonArray(Condition("Ready", isReady ? "True" : "False")) };
        store.Put("pods", pod);
    }

    /// <summary>Gives a pod's container another state.</summary>
    public void SetContainer(string ns, string name, JsonObject container)
    {
        var pod = store.Find("pods", ns, name)!;
        pod["status"]!["phase"] = "Running";
        pod["status"]!["conditions"] = new JsonArray(Condition("Ready", "False"));
        pod["status"]!["containerStatuses"] = new JsonArray(container);
        store.Put("pods", pod);
    }

    /// <summary>A container that crashes again and again.</summary>
    public JsonObject CrashLoop(string name, int exitCode, int restarts, string reason, string message) => new()
    {
        ["name"] = name,
        ["restartCount"] = restarts,
        ["state"] = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "CrashLoopBackOff", ["message"] = "back-off 1m20s restarting failed container" } },
        ["lastState"] = new JsonObject
        {
            ["terminated"] = new JsonObject { ["exitCode"] = exitCode, ["reason"] = reason, ["message"] = message, ["finishedAt"] = Stamp(time.GetUtcNow()) },
        },
    };

    private static JsonObject Waiting(string name, string reason, string message) => new()
    {
        ["name"] = name,
        ["restartCount"] = 0,
        ["state"] = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = reason, ["message"] = message } },
    };

    private JsonObject Condition(string type, string status) => new() { ["type"] = type, ["status"] = status, ["lastTransitionTime"] = Stamp(time.GetUtcNow()) };

    private static bool IsReady(JsonObject pod) =>
        pod["status"]?["conditions"] is JsonArray conditions && conditions.Any(one => (string?)one!["type"] == "Ready" && (string?)one["status"] == "True");

    private static string PodHash(int number)
    {
        const string Letters = "bcdfghjklmnpqrstvwxz2456789";
        return string.Concat(Enumerable.Range(0, 5).Select(i => Letters[(number + (i * 7)) % Letters.Length]));
    }

    [GeneratedRegex("exit ([0-9]+)")]
    private static partial Regex ExitPattern();
}
