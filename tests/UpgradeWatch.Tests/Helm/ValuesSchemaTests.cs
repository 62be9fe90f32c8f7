using System.Text.Json.Nodes;
using UpgradeWatch.Tests.Configuration;
using UpgradeWatch.Tests.Helm.Rendering;

namespace UpgradeWatch.Tests.Helm;

/// <summary>The schema takes what is good and names the key of what is not.</summary>
[Collection(ChartTests.Name)]
public sealed class ValuesSchemaTests(ChartEngine chart)
{
    // What users write as they like: labels, and parts of Kubernetes' own objects.
    private static readonly string[] Free =
    [
        "affinity", "config", "global", "podSecurityContext", "securityContext", "resources.requests", "resources.limits",
        "config.auth", "config.kubernetes", "config.storage",
    ];

    private static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText(Path.Combine(ChartPaths.Chart, "values.schema.json")))!.AsObject();

    public static TheoryData<string> Sets => [.. ChartPaths.ValueSets];

    /// <summary>Wrong values and the key that must be named.</summary>
    public static TheoryData<string, string> Wrong => new()
    {
        { "replica: 2", "replica" },
        { "image: { name: x }", "image.name" },
        { "api: { exposed: true }", "api.exposed" },
        { "kubernetes: { namespace: shop }", "kubernetes.namespace" },
        { "grafana: { dashboards: { enable: true } }", "grafana.dashboards.enable" },
        { "serviceMonitor: { labels: {} }", "serviceMonitor.labels" },
        { "api: { expose: true }", "api.tokenSecret.name" },
        { "api: { expose: true, tokenSecret: { name: '' } }", "api.tokenSecret.name" },
        { "api: { tokenSecret: secret }", "api.tokenSecret" },
        { "api: { port: 80 }", "api.port" },
        { "api: { port: '8080' }", "api.port" },
        { "mode: daemonset", "mode" },
        { "replicas: 0", "replicas" },
        { "replicas: two", "replicas" },
        { "image: { digest: abc }", "image.digest" },
        { "image: { tag: 1 }", "image.tag" },
        { "image: { pullPolicy: Sometimes }", "image.pullPolicy" },
        { "config: { storage: here }", "config.storage" },
        { "config: { targets: [{ profile: auto }] }", "config.targets[0].name" },
        { "config: { targets: { name: a } }", "config.targets" },
        { "config: text", "config" },
        { "secretFiles: { Grafana: { secretName: x } }", "secretFiles.Grafana" },
        { "secretFiles: { tokens: { secretName: x } }", "secretFiles.tokens" },
        { "secretFiles: { grafana: {} }", "secretFiles.grafana.secretName" },
        { "secretFiles: { grafana: { secretName: x, token: y } }", "secretFiles.grafana.token" },
        { "postgres: { password: x }", "postgres.password" },
        { "kubernetes: { namespaces: [Shop] }", "kubernetes.namespaces[0]" },
        { "kubernetes: { clusterWide: 'yes' }", "kubernetes.clusterWide" },
        { "ingress: { enabled: true }", "ingress.hosts" },
        { "ingress: { tls: [{ secret: x }] }", "ingress.tls[0].secret" },
        { "persistence: { accessModes: [] }", "persistence.accessModes" },
        { "persistence: { accessModes: [ReadOnlyMany] }", "persistence.accessModes[0]" },
        { "persistence: { size: 1 GB }", "persistence.size" },
        { "podLabels: { a: 1 }", "podLabels.a" },
        { "listenAddress: 127.0.0.1", "listenAddress" },
        { "grafana: { alerts: { datasourceUid: 'a b' } }", "grafana.alerts.datasourceUid" },
        { "serviceMonitor: { interval: 15 }", "serviceMonitor.interval" },
        { "probes: { liveness: { path: /x } }", "probes.liveness.path" },
        { "fullnameOverride: Up_Watch", "fullnameOverride" },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task It_takes_every_set_of_values(string set)
    {
        var merged = (await chart.RenderSetAsync(ChartEngine.Own, set)).Values!;

        Assert.Empty(new SchemaCheck(Schema).Mistakes(ChartPaths.IsSidecar(set) ? merged["upgradewatch"] : merged));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task It_names_the_key_of_what_is_wrong(string values, string key)
    {
        var merged = await MergeAsync(values);

        var mistake = Assert.Single(new SchemaCheck(Schema).Mistakes(merged).Distinct());
        Assert.StartsWith($"{key}: ", mistake, StringComparison.Ordinal);
        if (!ChartEngine.All.Contains(ChartEngine.Helm)) return;
        var refused = await Assert.ThrowsAsync<ChartRefusedException>(() => chart.RenderAsync(ChartEngine.Helm, values));
        Assert.Contains(key.Split('.')[^1].Split('[')[0], refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_object_says_which_keys_it_has_but_those_that_are_free()
    {
        List<string> open = [];
        Visit(Schema, "", (path, rule) =>
        {
            if ((string?)rule["type"] == "object" && rule["additionalProperties"] is null) open.Add(path);
        });

        Assert.Equal([], open.Where(path => !path.Contains("[]", StringComparison.Ordinal)).Except(Free));
    }

    [Fact]
    public async Task It_has_the_keys_of_the_values_and_no_others()
    {
        List<string> described = [];
        Visit(Schema, "", (path, rule) =>
        {
            if (path.Length > 0 && !path.Contains("[]", StringComparison.Ordinal)) described.Add(path);
        });
        List<string> there = [];
        Walk(await MergeAsync("{}"), "", there);

        Assert.Equal([], there.Except(described).Where(path => !Free.Any(free => path.StartsWith($"{free}.", StringComparison.Ordinal)) && !path.StartsWith("persistence.annotations.", StringComparison.Ordinal)));
        Assert.Equal([], described.Except(there).Except(Free).Except(["resources.claims", "config.targets"]).Where(path => !path.EndsWith("initialDelaySeconds", StringComparison.Ordinal) && !path.EndsWith("successThreshold", StringComparison.Ordinal)));
    }

    // The merge happens before the templates, which may refuse what is wrong as well: an empty chart has the same values.
    private async Task<JsonObject> MergeAsync(string values)
    {
        var bare = chart.CopyChart();
        Directory.Delete(Path.Combine(bare, "templates"), recursive: true);
        return (await chart.RenderAsync(ChartEngine.Own, values, chart: bare)).Values!;
    }

    private static void Visit(JsonObject rule, string path, Action<string, JsonObject> seen)
    {
        seen(path, rule);
        foreach (var (key, below) in rule["properties"]?.AsObject() ?? []) Visit(below!.AsObject(), path.Length == 0 ? key : $"{path}.{key}", seen);
        if (rule["items"] is JsonObject items) Visit(items, $"{path}[]", seen);
    }

    private static void Walk(JsonObject values, string path, List<string> there)
    {
        foreach (var (key, value) in values)
        {
            var name = path.Length == 0 ? key : $"{path}.{key}";
            there.Add(name);
            if (value is JsonObject below) Walk(below, name, there);
        }
    }
}
