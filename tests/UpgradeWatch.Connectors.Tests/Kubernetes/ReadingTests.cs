using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using UpgradeWatch.Connectors.Kubernetes;
using UpgradeWatch.Connectors.Kubernetes.Api;
using UpgradeWatch.Connectors.Kubernetes.Watching;
using UpgradeWatch.Connectors.Kubernetes.Workloads;
using UpgradeWatch.Engine.Options;
using Phase = UpgradeWatch.Engine.Upgrades.Phase;

namespace UpgradeWatch.Connectors.Tests.Kubernetes;

/// <summary>Objects as they come: with versions in many places, incomplete, hostile, or somebody else's.</summary>
public sealed class ReadingTests
{
    [Theory]
    [InlineData("shop:2.0", "2.0")]
    [InlineData("registry:5000/shop/checkout:v2.0-rc1", "v2.0-rc1")]
    [InlineData("registry:5000/shop/checkout", null)]
    [InlineData("ghcr.io/shop/checkout@sha256:0123", null)]
    [InlineData("ghcr.io/shop/checkout:2.0@sha256:0123", "2.0")]
    [InlineData("checkout:", null)]
    [InlineData("", null)]
    public void TheTag_IsTheVersion(string image, string? tag) => Assert.Equal(tag, RolloutReading.TagOf(image));

    [Fact]
    public void TheVersion_IsTheLabel_ElseTheTagOfTheOwnContainer_ElseTheHash()
    {
        var workload = Workload("{}");
        Assert.Equal("2.1", RolloutReading.TemplateOf(workload, Revision("""{"labels":{"app.kubernetes.io/version":"2.1"}}""", ("proxy", "envoy:1.30"), ("checkout", "shop:2.0"))).Version);
        Assert.Equal("2.0", RolloutReading.TemplateOf(workload, Revision("{}", ("proxy", "envoy:1.30"), ("checkout", "shop:2.0"))).Version);
        Assert.Equal("1.30", RolloutReading.TemplateOf(workload, Revision("{}", ("proxy", "envoy:1.30"), ("main", "shop:2.0"))).Version);
        Assert.Equal("7d9f8b", RolloutReading.TemplateOf(workload, Revision("{}", ("checkout", "shop@sha256:0123"))).Version);
    }

    [Fact]
    public void AnotherImageOfAnyContainer_IsAnotherTemplate_AndARestartIsNot()
    {
        var workload = Workload("{}");
        var before = RolloutReading.TemplateOf(workload, Revision("{}", ("checkout", "shop@sha256:0123"), ("proxy", "envoy:1.30")));
        Assert.Equal(before.Identity, RolloutReading.TemplateOf(workload, Revision("{}", ("checkout", "shop@sha256:0123"), ("proxy", "envoy:1.30")) with { Hash = "other" }).Identity);
        Assert.NotEqual(before.Identity, RolloutReading.TemplateOf(workload, Revision("{}", ("checkout", "shop@sha256:0123"), ("proxy", "envoy:1.31"))).Identity);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metadata":{}}""")]
    [InlineData("""{"metadata":{"name":"checkout"}}""")]
    [InlineData("""{"metadata":{"name":"checkout","namespace":"shop"}}""")]
    [InlineData("""{"metadata":null,"spec":null,"status":null}""")]
    public void AnObjectWithoutWhatMakesItOne_IsLeftOut(string json)
    {
        var wire = JsonSerializer.Deserialize(json, WireJson.Default.WireObject)!;
        Assert.Null(ObjectReading.Workload(wire, WorkloadKind.Deployment));
        Assert.Null(ObjectReading.ReplicaSet(wire));
        Assert.Null(ObjectReading.ControllerRevision(wire));
        Assert.Null(ObjectReading.Warning(wire));
    }

    [Fact]
    public void OneObjectThatCannotBeRead_DoesNotTakeTheOthersWithIt()
    {
        List<string> found = [], unreadable = [];
        var meta = ObjectPage.Read(
            Encoding.UTF8.GetBytes("""{"kind":"PodList","items":[{"metadata":{"name":"a"}},{"metadata":{"name":[1,{"x":2}]}},7,{"spec":{"replicas":"many"}},{"metadata":{"name":"b"}}],"metadata":{"resourceVersion":"7"}}"""),
            one => found.Add(one.Metadata!.Name!), unreadable.Add);
        Assert.Equal("7", meta!.ResourceVersion);
        Assert.Equal(["a", "b"], found);
        Assert.Equal(3, unreadable.Count);
        Assert.Contains("$.spec.replicas", unreadable[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"metadata":{}}""")]
    [InlineData("""{"items":[{"metadata":{"name":"a"}}""")]
    [InlineData("""{"items":{}}""")]
    public void ABodyThatIsNoList_IsNone(string body) => Assert.Null(ObjectPage.Read(Encoding.UTF8.GetBytes(body), _ => { }, _ => { }));

    [Fact]
    public async Task MalformedObjects_AreNamed_AndTheOthersFollowed()
    {
        await using var cluster = await ClusterUnderTest.SimulatedAsync();
        await cluster.CreateAsync("deployments", "checkout", "3.8");
        cluster.Server!.Faults.Malformed["deployments"] = ["""{"metadata":{"name":"odd","namespace":"shop","uid":"1"},"spec":{"replicas":{}}}""", """{"metadata":{"name":"","namespace":"shop"}}"""];
        cluster.Server.Faults.Malformed["pods"] = [$$$$$$"""{"metadata":{"name":"hostile","namespace":"shop","labels":{"pod-template-hash":"{{{{{{new string('x', 1_000_000)}}}}}}"},"ownerReferences":[{"controller":true,"uid":"{{{{{{new string('y', 100_000)}}}}}}"}]}}"""];
        await using var followed = await FollowedCluster.StartAsync(cluster);
        await cluster.SetTagAsync("deployments", "checkout", "3.9");
        await cluster.RolledOutAsync("deployments", "checkout");
        await followed.InAsync(Phase.PostUpgrade, "3.9");
        Assert.Contains("2 of deployments could not be read", string.Join(' ', followed.Watcher!.Notes), StringComparison.Ordinal);

        // A change that cannot be read is passed over, and what comes after it is not.
        cluster.Server.Store.Put("deployments", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "odd", ["namespace"] = "shop" }, ["spec"] = "nothing" });
        await cluster.SetTagAsync("deployments", "checkout", "3.10");
        await cluster.RolledOutAsync("deployments", "checkout");
        await followed.InAsync(Phase.PostUpgrade, "3.10");
        Assert.Contains("3 of deployments could not be read", string.Join(' ', followed.Watcher.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop", "checkout", null, null, true)]
    [InlineData("shop", "web", "checkout", null, true)]
    [InlineData("shop", "web", null, null, false)]
    [InlineData("shop", "web", null, "checkout", true)]
    [InlineData("shop", "checkout", null, "billing", false)]
    [InlineData("evil", "checkout", "checkout", "checkout", false)]
    public void AWorkload_IsATargets_ByItsNameItsLabelOrItsAnnotation_InTheTargetsNamespaceAlone(string ns, string name, string? label, string? annotation, bool isOf)
    {
        var meta = new JsonObject { ["name"] = name, ["namespace"] = ns, ["uid"] = "1" };
        if (label is not null) meta["labels"] = new JsonObject { ["app.kubernetes.io/name"] = label };
        if (annotation is not null) meta["annotations"] = new JsonObject { ["upgradewatch.io/target"] = annotation };
        var workload = ObjectReading.Workload(JsonSerializer.Deserialize($$$$$$"""{"metadata":{{{{{{meta.ToJsonString()}}}}}}}""", WireJson.Default.WireObject)!, WorkloadKind.Deployment)!;
        var target = new TargetOptions { Name = "checkout", Labels = new Dictionary<string, string> { ["namespace"] = "shop" } };
        Assert.Equal(isOf, TargetWorkloads.IsOf(workload, target));
    }

    [Fact]
    public void ASelector_PicksByAllItsLabels()
    {
        var target = new TargetOptions { Name = "checkout", Workloads = new WorkloadOptions { Namespace = "shop", Selector = new Dictionary<string, string> { ["app"] = "c", ["tier"] = "web" } } };
        Assert.True(TargetWorkloads.IsOf(Workload("""{"app":"c","tier":"web","more":"x"}"""), target));
        Assert.False(TargetWorkloads.IsOf(Workload("""{"app":"c"}"""), target));
        Assert.False(TargetWorkloads.IsOf(Workload("{}"), target));
    }

    [Theory]
    [InlineData("nonsense: [", "cannot be used")]
    [InlineData("apiVersion: v1\nkind: Config\n", "cannot be used")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [ { name: a, context: { cluster: b, user: c } } ]\nclusters: []\nusers: []\n", "cannot be used")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [ { name: a, context: { cluster: b, user: c } } ]\nclusters: [ { name: b, cluster: { server: 'ftp://x' } } ]\nusers: [ { name: c, user: { token: t } } ]\n", "http or https")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [ { name: a, context: { cluster: b, user: c } } ]\nclusters: [ { name: b, cluster: { server: 'https://x', insecure-skip-tls-verify: true } } ]\nusers: [ { name: c, user: { token: secret-token } } ]\n", "insecure-skip-tls-verify")]
    public void AKubeconfigThatCannotBeUsed_IsNamed_WithoutItsSecrets(string text, string expected)
    {
        using var folder = new TestKit.Processes.TempFolder();
        File.WriteAllText(folder.File("kubeconfig"), text);
        var trouble = Assert.Throws<KubernetesException>(() => ClusterAccess.Load(new KubernetesOptions { Kubeconfig = folder.File("kubeconfig") }));
        Assert.Contains(expected, trouble.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", trouble.Message, StringComparison.Ordinal);
    }

    private static Workload Workload(string labels) =>
        ObjectReading.Workload(JsonSerializer.Deserialize($$$$$$"""{"metadata":{"name":"checkout","namespace":"shop","uid":"1","labels":{{{{{{labels}}}}}}}}""", WireJson.Default.WireObject)!, WorkloadKind.Deployment)!;

    private static Revision Revision(string templateMeta, params (string Name, string Image)[] containers)
    {
        var list = new JsonArray([.. containers.Select(one => (JsonNode)new JsonObject { ["name"] = one.Name, ["image"] = one.Image })]);
        return ObjectReading.ReplicaSet(JsonSerializer.Deserialize(
            $$$$$$"""{"metadata":{"name":"checkout-7d9f8b","namespace":"shop","uid":"2","creationTimestamp":"2026-03-01T12:00:00Z","labels":{"pod-template-hash":"7d9f8b"}},"spec":{"template":{"metadata":{{{{{{templateMeta}}}}}},"spec":{"containers":{{{{{{list.ToJsonString()}}}}}}}}}}""",
            WireJson.Default.WireObject)!)!;
    }
}
