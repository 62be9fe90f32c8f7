using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using UpgradeWatch.Connectors.Kubernetes;
using UpgradeWatch.Connectors.Kubernetes.Api;
using UpgradeWatch.TestKit.Kubernetes;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Connectors.Tests.Kubernetes;

/// <summary>
/// A cluster to try things in: the test server with controllers that are told to work, or the real one that
/// UPGRADEWATCH_TEST_KUBECONFIG names, in a namespace of its own.
/// </summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    private const string RealKubeconfig = "UPGRADEWATCH_TEST_KUBECONFIG";

    private readonly TempFolder _folder = new();
    private readonly ClusterAccess _access;

    private ClusterUnderTest(KubeTestServer? server, string? kubeconfig)
    {
        Server = server;
        Namespace = server is null ? $"upgradewatch-test-{Guid.NewGuid():N}"[..32] : "shop";
        Kubeconfig = kubeconfig ?? _folder.File("kubeconfig");
        if (server is not null)
        {
            File.WriteAllText(Kubeconfig, server.Kubeconfig());
            Controllers = new KubeControllers(server.Store, TimeProvider.System);
        }

        _access = ClusterAccess.Load(new KubernetesOptions { Kubeconfig = Kubeconfig });
    }

    /// <summary>The test server; null for a real cluster.</summary>
    public KubeTestServer? Server { get; }

    /// <summary>Its controllers.</summary>
    public KubeControllers? Controllers { get; }

    /// <summary>The namespace that everything is in.</summary>
    public string Namespace { get; }

    /// <summary>File that says where it is.</summary>
    public string Kubeconfig { get; }

    /// <summary>The real cluster where there is one.</summary>
    public static async Task<ClusterUnderTest> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(RealKubeconfig) is not { Length: > 0 } file) return await SimulatedAsync();
        var real = new ClusterUnderTest(null, file);
        await real.SendAsync(HttpMethod.Post, "api/v1/namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = real.Namespace } });
        return real;
    }

    /// <summary>The test server, for what cannot be done to a real cluster.</summary>
    public static async Task<ClusterUnderTest> SimulatedAsync() => new(await KubeTestServer.StartAsync(), null);

    /// <summary>Makes a workload and waits until it is rolled out.</summary>
    public async Task CreateAsync(string resource, string name, string tag, int replicas = 2, Action<JsonObject>? change = null)
    {
        var manifest = Manifest(resource, name, tag, replicas);
        change?.Invoke(manifest);
        await SendAsync(HttpMethod.Post, PathOf(resource), manifest);
        await RolledOutAsync(resource, name);
    }

    /// <summary>Breaks off, forgets or throttles at random while things are done to the cluster; null for not.</summary>
    public static readonly AsyncLocal<Random?> Chaos = new();

    private void Stir()
    {
        if (Server is null || Chaos.Value is not { } chance) return;
        string[] resources = ["deployments", "replicasets", "statefulsets", "daemonsets", "rollouts", "controllerrevisions", "pods"];
        Server.Faults.Drop(resources[chance.Next(resources.Length)], chance.Next(6), chance.Next(2) == 0);
        Server.Faults.TellsExpiryInStream = chance.Next(2) == 0;
        if (chance.Next(3) == 0) Server.Store.Compact();
        if (chance.Next(3) == 0) Server.DropWatches();
        if (chance.Next(4) == 0) Server.Faults.Answer(500, "InternalError", "etcdserver: leader changed", of: request => request.Contains("watch=true", StringComparison.Ordinal) || request.Contains("limit=", StringComparison.Ordinal));
    }

    /// <summary>Changes a workload, without its controllers knowing yet.</summary>
    public Task PatchAsync(string resource, string name, JsonObject patch)
    {
        Stir();
        return SendAsync(HttpMethod.Patch, $"{PathOf(resource)}/{name}", patch);
    }

    /// <summary>Gives a workload's container another image.</summary>
    public Task SetTagAsync(string resource, string name, string tag) => PatchAsync(resource, name, Template(container => container["image"] = Image(tag), name));

    /// <summary>A patch of the pod template.</summary>
    public static JsonObject Template(Action<JsonObject> change, string name, Action<JsonObject>? meta = null)
    {
        var container = new JsonObject { ["name"] = name, ["image"] = Image("3.9") };
        change(container);
        var metadata = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } };
        meta?.Invoke(metadata);
        return new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = metadata, ["spec"] = new JsonObject { ["containers"] = new JsonArray(container) } } } };
    }

    /// <summary>Has the controllers do as much as they can; in a real cluster, waits until they have.</summary>
    public async Task RolledOutAsync(string resource, string name)
    {
        if (Controllers is not null)
        {
            Stir();
            Controllers.Run(resource, Namespace, name);
            return;
        }

        var isSo = async () =>
        {
            var found = await GetAsync(resource, name);
            var status = found["status"]?.AsObject() ?? [];
            var desired = (int?)found["spec"]!["replicas"] ?? (int?)status["desiredNumberScheduled"] ?? 1;
            return (long?)status["observedGeneration"] == (long?)found["metadata"]!["generation"]
                && ((int?)status["updatedReplicas"] ?? (int?)status["updatedNumberScheduled"]) == desired
                && ((int?)status["availableReplicas"] ?? (int?)status["numberAvailable"]) == desired;
        };
        await Readiness.UntilAsync(isSo, () => null, () => $"{resource} {name} was not rolled out", default);
    }

    /// <summary>Has the controllers take note, and start some pods at most; a real cluster does as it likes.</summary>
    public void Begin(string resource, string name, int pods = 1) => Controllers?.Run(resource, Namespace, name, pods);

    /// <summary>An object as it is.</summary>
    public Task<JsonObject> GetAsync(string resource, string name) => SendAsync(HttpMethod.Get, $"{PathOf(resource)}/{name}", null);

    /// <summary>When the newest template of a workload appeared: its ReplicaSet or ControllerRevision was made.</summary>
    public async Task<DateTimeOffset> NewestTemplateAtAsync(string resource)
    {
        var list = await SendAsync(HttpMethod.Get, PathOf(resource is "deployments" or "rollouts" ? "replicasets" : "controllerrevisions"), null);
        return list["items"]!.AsArray().Select(one => DateTimeOffset.Parse((string)one!["metadata"]!["creationTimestamp"]!)).Max();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Server is null) await SendAsync(HttpMethod.Delete, $"api/v1/namespaces/{Namespace}", null);
        else await Server.DisposeAsync();
        _access.Dispose();
        _folder.Dispose();
    }

    private string PathOf(string resource) => resource switch
    {
        "pods" or "events" => $"api/v1/namespaces/{Namespace}/{resource}",
        "rollouts" => $"apis/argoproj.io/v1alpha1/namespaces/{Namespace}/{resource}",
        _ => $"apis/apps/v1/namespaces/{Namespace}/{resource}",
    };

    // Real images with tags, so that a real cluster can run them.
    private static string Image(string tag) => $"registry.k8s.io/pause:{tag}";

    private static JsonObject Manifest(string resource, string name, string tag, int replicas)
    {
        var spec = Template(container => container["image"] = Image(tag), name)["spec"]!.AsObject();
        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } };
        if (resource != "daemonsets") spec["replicas"] = replicas;
        if (resource == "statefulsets") spec["serviceName"] = name;
        var (group, kind) = resource switch
        {
            "deployments" => ("apps/v1", "Deployment"),
            "statefulsets" => ("apps/v1", "StatefulSet"),
            "daemonsets" => ("apps/v1", "DaemonSet"),
            _ => ("argoproj.io/v1alpha1", "Rollout"),
        };
        return new JsonObject { ["apiVersion"] = group, ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec.DeepClone() };
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = await _access.AuthorizationAsync(default) } };
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json"));
        using var response = await _access.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }
}
