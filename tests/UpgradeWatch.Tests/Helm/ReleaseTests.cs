using System.Text.Json.Nodes;
using UpgradeWatch.Tests.Cli;
using UpgradeWatch.Tests.Helm.Rendering;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Helm;

/// <summary>Releases beside each other, what is told after the installation, and <c>helm test</c>.</summary>
[Collection(ChartTests.Name)]
public sealed class ReleaseTests(ChartEngine chart)
{
    private static readonly string Long = new('a', 52);

    /// <summary>Pairs of releases (name, namespace) that must not meet.</summary>
    public static TheoryData<string, string, string, string> Pairs => new()
    {
        { "one", "monitoring", "two", "monitoring" },
        { "watch", "team-a", "watch", "team-b" },
        { "b", "a-a", "a-b", "a" },
        { Long + "b", "monitoring", Long + "c", "monitoring" },
        { Long + "b", "team-a", Long + "b", "team-b" },
        { "upgradewatch", "monitoring", "upgradewatch-2", "monitoring" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Two_releases_share_no_object(string name, string ns, string otherName, string otherNs)
    {
        foreach (var set in (string[])["namespaces", "cluster-wide", "pod-monitor", "ingress", "network-policy"])
        {
            var values = ChartPaths.Values(set).Replace("fullnameOverride: watch", "", StringComparison.Ordinal);
            var one = await chart.RenderAsync(ChartEngine.Own, values, new ChartEngine.Release(name, ns));
            var other = await chart.RenderAsync(ChartEngine.Own, values, new ChartEngine.Release(otherName, otherNs));

            Assert.Equal([], one.Objects.Select(RenderedChart.Name).Intersect(other.Objects.Select(RenderedChart.Name)));
            Assert.All(one.Objects.Concat(other.Objects), each => Assert.Matches("^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$", (string)each["metadata"]!["name"]!));
            if (ns == otherNs) Assert.False(Selects(one.One("Service"), other.ServerPod.Metadata), "a Service selects the other release's pod");
        }
    }

    [Fact]
    public async Task Sidecars_of_two_applications_are_told_apart()
    {
        var one = await chart.RenderShopAsync(ChartEngine.Own, ChartPaths.Values("sidecar-postgres"), new ChartEngine.Release("one", "shop"));
        var other = await chart.RenderShopAsync(ChartEngine.Own, ChartPaths.Values("sidecar-postgres"), new ChartEngine.Release("two", "shop"));

        Assert.True(Selects(one.One("Service"), one.ServerPod.Metadata));
        Assert.False(Selects(one.One("Service"), other.ServerPod.Metadata));
        Assert.Equal("Always", (string)one.Server["restartPolicy"]!);
        Assert.Single(one.ServerPod.Spec["initContainers"]!.AsArray());
        Assert.Single(one.Of("Deployment"));
    }

    [Theory]
    [InlineData("targets", "port-forward deployment/watch-upgradewatch 8080", "NO TARGET")]
    [InlineData("defaults", "NO TARGET", "NO MEMORY")]
    [InlineData("no-persistence", "NO MEMORY", "API, with a token")]
    [InlineData("ingress", "API, with a token: https://watch-upgradewatch.monitoring.svc:8443", "port-forward")]
    [InlineData("ingress", "and at the host watch.example.com", "NO MEMORY")]
    [InlineData("existing-config", "API, with a token: https://", "NO TARGET")]
    [InlineData("no-grafana", ":9090/metrics", "helm test")]
    public async Task The_notes_say_how_it_is_reached_and_what_is_missing(string set, string said, string unsaid)
    {
        var notes = (await chart.RenderSetAsync(ChartEngine.Own, set)).Notes;

        Assert.Contains(said, notes, StringComparison.Ordinal);
        Assert.DoesNotContain(unsaid, notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_notes_tell_of_targets_in_namespaces_that_are_not_watched()
    {
        var notes = (await chart.RenderAsync(ChartEngine.Own, "config: { targets: [{ name: a, labels: { namespace: shop } }, { name: b, kubernetes: { namespace: billing } }, { name: c, labels: { namespace: monitoring } }, { name: d }] }")).Notes;

        Assert.Contains("roll-outs of a are in the namespace shop", notes, StringComparison.Ordinal);
        Assert.Contains("roll-outs of b are in the namespace billing", notes, StringComparison.Ordinal);
        Assert.DoesNotContain("roll-outs of c", notes, StringComparison.Ordinal);
        Assert.DoesNotContain("roll-outs of d", notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Helm_test_passes_when_the_server_answers_and_fails_when_it_does_not()
    {
        var rendered = await chart.RenderSetAsync(ChartEngine.Own, "defaults");
        var pod = rendered.Of("Pod").Single();
        var map = rendered.Of("ConfigMap").Single(RenderedChart.IsHook);
        var text = (string)map["data"]!["upgradewatch.yaml"]!;
        Assert.Equal((string)map["metadata"]!["name"]!, (string)pod["spec"]!["volumes"]![0]!["configMap"]!["name"]!);
        Assert.True((int?)int.Parse((string)map["metadata"]!["annotations"]!["helm.sh/hook-weight"]!) < 0, "the configuration must be there before the pod");
        const string Service = "http://watch-upgradewatch.monitoring.svc:9464";
        Assert.Contains(Service, text, StringComparison.Ordinal);

        await using var server = await RunningServer.StartAsync();
        var here = text.Replace(Service, server.Metrics.BaseAddress!.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);
        var answered = await RunAsync(pod, here);
        await server.DisposeAsync();
        var refused = await RunAsync(pod, here);

        Assert.True(answered.ExitCode == 0, answered.Out + answered.Error);
        Assert.True(refused.ExitCode == 1, refused.Out + refused.Error);
    }

    private static async Task<CliRun> RunAsync(JsonObject pod, string configuration)
    {
        using var folder = new TestKit.Processes.TempFolder();
        var file = folder.Write("upgradewatch.yaml", configuration);
        return await CliRun.OfAsync([.. pod["spec"]!["containers"]![0]!["args"]!.AsArray().Select(word => ((string)word!).Replace("/etc/upgradewatch/upgradewatch.yaml", file, StringComparison.Ordinal))]);
    }

    private static bool Selects(JsonObject service, JsonObject pod) =>
        service["spec"]!["selector"]!.AsObject().All(label => JsonNode.DeepEquals(pod["labels"]![label.Key], label.Value));
}
