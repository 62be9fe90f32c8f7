using UpgradeWatch.Hosting;
using UpgradeWatch.Tests.Helm.Rendering;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Helm;

/// <summary>The product itself takes what the chart gives it: the configuration, the environment and the arguments.</summary>
[Collection(ChartTests.Name)]
public sealed class ConfigurationTests(ChartEngine chart)
{
    private const string Mine = "targets: [{ name: checkout, scrape: { url: http://checkout/metrics } }]\n";

    public static TheoryData<string, string> Everything => ChartTests.Everything;

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task The_server_would_start(string engine, string set)
    {
        using var pod = await PodConfiguration.OfServerAsync(await chart.RenderSetAsync(engine, set), Mine);
        var loaded = pod.Load();

        Assert.Empty(loaded.Mistakes);
        Assert.Empty(pod.ArgumentMistakes());
        Assert.Equal("/etc/upgradewatch/upgradewatch.yaml", pod.After("--config"));
        var settings = new ServeSettings { Urls = [pod.After("--urls")], MetricsUrls = [pod.After("--metrics-urls")] };
        Assert.Null(settings.FindMistake(loaded.Options!.Auth));
        Assert.DoesNotContain("--insecure", pod.Arguments);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task The_API_is_open_to_others_with_a_token_only(string engine, string set)
    {
        var rendered = await chart.RenderSetAsync(engine, set);
        using var pod = await PodConfiguration.OfServerAsync(rendered, Mine);
        var isOpen = !ListenAddress.Parse(pod.After("--urls")).IsLoopback;
        var auth = pod.Load().Options!.Auth;

        Assert.Equal(isOpen, rendered.One("Service")["spec"]!["ports"]!.AsArray().Count == 2);
        if (!isOpen) return;
        Assert.NotNull(auth.TokenFile);
        var service = (string)rendered.One("Service")["metadata"]!["name"]!;
        string[] names = ["localhost", "127.0.0.1", "[::1]", service, $"{service}.monitoring", $"{service}.monitoring.svc", $"{service}.monitoring.svc.cluster.local"];
        Assert.Equal([], names.Except(auth.AllowedHosts!));
        Assert.Equal([], rendered.Of("Ingress").SelectMany(one => one["spec"]!["rules"]!.AsArray()).Select(rule => (string)rule!["host"]!).Except(auth.AllowedHosts!));
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task It_watches_the_namespaces_it_may_read(string engine, string set)
    {
        var rendered = await chart.RenderSetAsync(engine, set);
        using var pod = await PodConfiguration.OfServerAsync(rendered, Mine);
        var kubernetes = pod.Load().Options!.Kubernetes;
        var token = (bool?)rendered.ServerPod.Spec["automountServiceAccountToken"] == true || pod.Container["volumeMounts"]!.AsArray().Any(mount => (string)mount!["mountPath"]! == "/var/run/secrets/kubernetes.io/serviceaccount");

        Assert.Equal(kubernetes is not null, token);
        Assert.Equal(kubernetes?.ClusterWide == true, rendered.Of("ClusterRole").Any());
        if (set != "rights-by-others") Assert.Equal((kubernetes?.Namespaces ?? []).Order(), rendered.Of("Role").Select(role => (string)role["metadata"]!["namespace"]!).Order());
        else Assert.Empty(rendered.Of("Role"));
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task The_state_is_on_the_volume_or_in_the_database(string engine, string set)
    {
        var rendered = await chart.RenderSetAsync(engine, set);
        using var pod = await PodConfiguration.OfServerAsync(rendered, Mine);
        var storage = pod.Load().Options!.Storage;
        var state = rendered.ServerPod.Spec["volumes"]!.AsArray().Single(volume => (string)volume!["name"]! == "upgradewatch-state")!;

        Assert.Equal("/var/lib/upgradewatch", (string)pod.Container["volumeMounts"]!.AsArray().Single(mount => (string)mount!["name"]! == "upgradewatch-state")!["mountPath"]!);
        Assert.Equal(storage.Postgres is not null || set == "no-persistence", state["emptyDir"] is not null);
        Assert.Equal(state["persistentVolumeClaim"] is not null && set != "existing-claim", rendered.Of("PersistentVolumeClaim").Any());
        if (set == "existing-claim") Assert.Equal("upgrades", (string)state["persistentVolumeClaim"]!["claimName"]!);
        if (set.StartsWith("existing-config", StringComparison.Ordinal)) Assert.DoesNotContain(rendered.Of("ConfigMap"), map => (string?)map["metadata"]!["labels"]!["app.kubernetes.io/component"] == "server");
        else if (storage.Postgres is null) Assert.Equal("/var/lib/upgradewatch/upgradewatch.db", storage.Path);
        if (!ChartPaths.IsSidecar(set)) Assert.Equal(storage.Postgres is null ? "Recreate" : "RollingUpdate", (string)rendered.One("Deployment")["spec"]!["strategy"]!["type"]!);
    }

    [Fact]
    public async Task The_server_answers_the_probes_at_their_paths()
    {
        var container = (await chart.RenderSetAsync(ChartEngine.Own, "defaults")).Server;
        await using var server = await RunningServer.StartAsync();

        foreach (var probe in (string[])["startupProbe", "livenessProbe", "readinessProbe"])
        {
            using var answer = await server.Metrics.GetAsync((string)container[probe]!["httpGet"]!["path"]!);
            Assert.Equal(200, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task What_the_values_say_goes_before_what_the_chart_sets()
    {
        var rendered = await chart.RenderAsync(ChartEngine.Own, "config: { storage: { path: /data/x.db, retentionDays: 7 }, auth: { allowedHosts: [only.example.org] } }\napi: { expose: true, tokenSecret: { name: upgradewatch-tokens } }");
        using var pod = await PodConfiguration.OfServerAsync(rendered, "");
        var options = pod.Load().Options!;

        Assert.Equal(("/data/x.db", 7), (options.Storage.Path, options.Storage.RetentionDays));
        Assert.Equal(["only.example.org"], options.Auth.AllowedHosts);
        Assert.NotNull(options.Auth.TokenFile);
    }

    [Fact]
    public async Task Braces_and_large_numbers_reach_the_configuration_as_they_are()
    {
        var rendered = await chart.RenderSetAsync(ChartEngine.Own, "targets");
        using var pod = await PodConfiguration.OfServerAsync(rendered, "");

        Assert.Contains("historySeconds: 1209600\n", pod.Text, StringComparison.Ordinal);
        Assert.Contains("sum(queue_length{namespace=\"shop\"})", pod.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_configuration_restarts_the_pod_and_nothing_else_does()
    {
        var before = await ChecksumAsync("config: { targets: [{ name: a }] }");

        Assert.NotEqual(before, await ChecksumAsync("config: { targets: [{ name: b }] }"));
        Assert.NotEqual(before, await ChecksumAsync("config: { targets: [{ name: a }] }\nkubernetes: { namespaces: [shop] }"));
        Assert.Equal(before, await ChecksumAsync("config: { targets: [{ name: a }] }\nservice: { annotations: { a: b } }"));
        Assert.Null((await chart.RenderAsync(ChartEngine.Own, "existingConfigMap: my-config")).ServerPod.Metadata["annotations"]);
    }

    private async Task<string?> ChecksumAsync(string values) =>
        (string?)(await chart.RenderAsync(ChartEngine.Own, values)).ServerPod.Metadata["annotations"]!["checksum/config"];
}
