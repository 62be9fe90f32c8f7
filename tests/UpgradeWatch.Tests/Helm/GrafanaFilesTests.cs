using System.Text.Json.Nodes;
using UpgradeWatch.Dashboards;
using UpgradeWatch.TestKit.Compose;
using UpgradeWatch.Tests.Helm.Rendering;

namespace UpgradeWatch.Tests.Helm;

/// <summary>Dashboards and rules come out of the chart as they went into it.</summary>
[Collection(ChartTests.Name)]
public sealed class GrafanaFilesTests(ChartEngine chart)
{
    public static TheoryData<string> Engines => [.. ChartEngine.All];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Every_dashboard_is_a_ConfigMap_that_the_sidecar_finds(string engine)
    {
        var rendered = await chart.RenderSetAsync(engine, "defaults");

        var boards = Dashboards(rendered, "grafana_dashboard", "1");
        Assert.Equal(DashboardFiles.Boards.Select(board => $"{board.Uid}.json").Order(), boards.Keys.Order());
        Assert.All(boards, board => Assert.Equal("UpgradeWatch", (string)board.Value["metadata"]!["annotations"]!["grafana_folder"]!));
        Assert.All(boards, board => Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse((string)board.Value["data"]![board.Key]!), JsonNode.Parse(DashboardFiles.All().Single(file => file.Path == board.Key).Content))));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Label_folder_and_namespace_are_as_the_values_say(string engine)
    {
        var rendered = await chart.RenderSetAsync(engine, "pod-monitor");

        var boards = Dashboards(rendered, "dashboards", "yes");
        Assert.Equal(3, boards.Count);
        Assert.All(boards.Values, board =>
        {
            Assert.Equal("grafana", (string)board["metadata"]!["namespace"]!);
            Assert.Equal("/tmp/dashboards/Upgrades", (string)board["metadata"]!["annotations"]!["k8s-sidecar-target-directory"]!);
            Assert.Equal("sre", (string)board["metadata"]!["annotations"]!["team"]!);
        });
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Alert_rules_of_Grafana_ask_the_data_source_that_is_named(string engine)
    {
        var rendered = await chart.RenderSetAsync(engine, "pod-monitor");

        var alerts = Assert.Single(rendered.Of("ConfigMap"), map => (string?)map["metadata"]!["labels"]!["grafana_alert"] == "1");
        var expected = DashboardFiles.All().Single(file => file.Path == "alerting/grafana-rules.yaml").Content
            .Replace("uid: prometheus", "uid: \"mimir-1\"", StringComparison.Ordinal).Replace("datasourceUid: prometheus", "datasourceUid: \"mimir-1\"", StringComparison.Ordinal);
        Assert.Equal(expected.TrimEnd(), ((string)alerts["data"]!["upgradewatch-alerts.yaml"]!).TrimEnd());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Analysis_templates_are_those_that_are_shipped_and_ask_the_Service(string engine)
    {
        var rendered = await chart.RenderSetAsync(engine, "analysis-templates");

        var templates = rendered.Of("ClusterAnalysisTemplate").ToDictionary(one => (string)one["metadata"]!["name"]!);
        var shipped = YamlJson.ParseAll(await File.ReadAllTextAsync(Path.Combine(ChartPaths.Chart, "argo-rollouts/analysis-templates.yaml")));
        Assert.Equal(["upgradewatch-begin", "upgradewatch-gate", "upgradewatch-watch"], templates.Keys.Order());
        Assert.All(shipped, one => Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(one["spec"]!.ToJsonString().Replace("http://upgradewatch.monitoring.svc:8080", "http://watch-upgradewatch.monitoring.svc:8080", StringComparison.Ordinal)),
            templates[(string)one["metadata"]!["name"]!]["spec"])));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Rules_of_Prometheus_are_those_that_are_shipped(string engine)
    {
        var rendered = await chart.RenderSetAsync(engine, "service-monitor");

        var rules = rendered.One("PrometheusRule")["spec"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).ToList();
        Assert.Equal(UpgradeWatch.Dashboards.Alerting.Alerts.All.Select(alert => (alert.Name, alert.Expression.TrimEnd())), rules.Select(rule => ((string)rule!["alert"]!, ((string)rule["expr"]!).TrimEnd())));
        Assert.All(rules, rule => Assert.Contains("{{", (string)rule!["annotations"]!["summary"]!, StringComparison.Ordinal));
    }

    private static Dictionary<string, JsonObject> Dashboards(RenderedChart rendered, string label, string value) =>
        rendered.Of("ConfigMap").Where(map => (string?)map["metadata"]!["labels"]![label] == value).ToDictionary(map => map["data"]!.AsObject().Single().Key);
}
