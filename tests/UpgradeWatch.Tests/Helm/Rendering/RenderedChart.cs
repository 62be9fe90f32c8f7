using System.Text.Json.Nodes;

namespace UpgradeWatch.Tests.Helm.Rendering;

/// <summary>What came out of a chart.</summary>
/// <param name="Objects">The objects, of all templates.</param>
/// <param name="Notes">What is told after the installation; empty when another engine than ours rendered it.</param>
/// <param name="Values">The values after the merge; null when another engine than ours rendered it.</param>
public sealed record RenderedChart(IReadOnlyList<JsonObject> Objects, string Notes, JsonObject? Values)
{
    /// <summary>The objects of a kind.</summary>
    public IEnumerable<JsonObject> Of(string kind) => Objects.Where(one => (string)one["kind"]! == kind);

    /// <summary>The only object of a kind that is no part of the test hook.</summary>
    public JsonObject One(string kind) => Assert.Single(Of(kind), one => !IsHook(one));

    /// <summary>Whether an object is made for <c>helm test</c> alone.</summary>
    public static bool IsHook(JsonObject one) => (string?)one["metadata"]!["annotations"]?["helm.sh/hook"] == "test";

    /// <summary>Kind and name, for messages.</summary>
    public static string Name(JsonObject one) => $"{(string)one["kind"]!} {(string?)one["metadata"]?["namespace"]}/{(string)one["metadata"]!["name"]!}";

    /// <summary>Every pod, with what makes it: the templates of the Deployments, and the pods of the test hook.</summary>
    public IEnumerable<(JsonObject Owner, JsonObject Metadata, JsonObject Spec)> Pods =>
        Of("Deployment").Select(one => (one, one["spec"]!["template"]!["metadata"]!.AsObject(), one["spec"]!["template"]!["spec"]!.AsObject()))
            .Concat(Of("Pod").Select(one => (one, one["metadata"]!.AsObject(), one["spec"]!.AsObject())));

    /// <summary>The container that serves, wherever it is.</summary>
    public JsonObject Server => Assert.Single(Pods.SelectMany(pod => Containers(pod.Spec)), one => (string)one["name"]! == "upgradewatch");

    /// <summary>The pod with the container that serves.</summary>
    public (JsonObject Owner, JsonObject Metadata, JsonObject Spec) ServerPod =>
        Pods.Single(pod => Containers(pod.Spec).Any(one => (string)one["name"]! == "upgradewatch"));

    /// <summary>All containers of a pod.</summary>
    public static IEnumerable<JsonObject> Containers(JsonObject spec) =>
        ((string[])["initContainers", "containers"]).SelectMany(key => spec[key]?.AsArray() ?? []).Select(one => one!.AsObject());
}
