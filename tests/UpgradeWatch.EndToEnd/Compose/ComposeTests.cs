using System.Text.Json;
using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Compose;
using Xunit.Abstractions;

namespace UpgradeWatch.EndToEnd.Compose;

/// <summary>What somebody sees who follows the README on a laptop.</summary>
public sealed class ComposeTests(ComposeStory story, ITestOutputHelper output) : IClassFixture<ComposeStory>
{
    [Fact]
    public async Task Prometheus_scrapes_everything_has_all_rules_and_tells_the_Alertmanager()
    {
        var jobs = YamlJson.Parse(await File.ReadAllTextAsync(story.Stack.Container("prometheus").PathOf("/etc/prometheus/prometheus.yml")))["scrape_configs"]!.AsArray().Select(job => (string)job!["job_name"]!);
        var targets = (await DataAsync("targets")).GetProperty("activeTargets").EnumerateArray().ToList();
        Assert.Equal(jobs.Order(), targets.Select(target => target.GetProperty("labels").GetProperty("job").GetString()!).Order());
        await story.UntilAsync(async () => await story.Prometheus.ValueAsync("count(up == 1)") == targets.Count);

        var shipped = YamlJson.Parse(await File.ReadAllTextAsync(story.Stack.Container("prometheus").PathOf("/etc/prometheus/rules/upgradewatch.yaml")))["groups"]!.AsArray().Sum(group => group!["rules"]!.AsArray().Count);
        await story.UntilAsync(async () => (await RulesAsync()).All(rule => rule.GetProperty("health").GetString() == "ok"));
        Assert.Equal(shipped, (await RulesAsync()).Count);

        Assert.Equal(
            new Uri(story.Stack.Url("alertmanager", 9093), "/api/v2/alerts").ToString(),
            (await DataAsync("alertmanagers")).GetProperty("activeAlertmanagers").EnumerateArray().Single().GetProperty("url").GetString());
        // From UpgradeWatch by Prometheus' rules to Alertmanager's receivers, the whole way.
        await story.UntilAsync(async () => (await story.GetAsync("alertmanager", 9093, "/api/v2/alerts?receiver=dead-mans-switch")).GetArrayLength() > 0);

        async Task<List<JsonElement>> RulesAsync() => [.. (await DataAsync("rules")).GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())];
    }

    [Fact]
    public async Task UpgradeWatch_has_opened_the_upgrade_by_itself_and_reaches_everything()
    {
        var seen = (await story.GetAsync("upgradewatch", 8080, "/api/v1/upgrades")).GetProperty("items").EnumerateArray().Single();
        var upgrade = await story.GetAsync("upgradewatch", 8080, $"/api/v1/upgrades/{seen.GetProperty("id").GetString()}");
        Assert.Equal(("shop", "1.4.2", "1.5.0"), (upgrade.GetProperty("target").GetString(), upgrade.GetProperty("fromVersion").GetString(), upgrade.GetProperty("toVersion").GetString()));
        Assert.All(upgrade.GetProperty("history").EnumerateArray(), entry => Assert.Equal("version-metric", entry.GetProperty("by").GetString()));

        await story.UntilAsync(async () => (await DependenciesAsync()).All(one => one.Value == "ok"));
        var dependencies = await DependenciesAsync();
        output.WriteLine(string.Join(", ", dependencies.Keys));
        Assert.Superset(new HashSet<string> { "prometheus", "grafana", "silences", "store" }, dependencies.Keys.ToHashSet());

        async Task<Dictionary<string, string>> DependenciesAsync() => (await story.GetAsync("upgradewatch", 8080, "/api/v1/status"))
            .GetProperty("dependencies").EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetProperty("state").GetString()!);
    }

    [Fact]
    public async Task Its_phases_are_annotations_in_Grafana()
    {
        await story.UntilAsync(() => Task.FromResult(Has("phase:upgrading") && Has("phase:post-upgrade")));
        Assert.All(story.Stack.Grafana.Annotations, one => Assert.Contains("target:shop", one.Tags!));

        bool Has(string tag) => story.Stack.Grafana.Annotations.Any(one => one.Tags!.Contains(tag));
    }

    [Fact]
    public async Task The_dashboards_have_data_and_none_of_their_queries_or_of_the_alert_rules_is_refused()
    {
        Assert.Equal("1.5.0", (string?)(await FirstAsync("upgradewatch-upgrade", "Versions"))["metric"]!["to_version"]);
        foreach (var (board, panel) in new[] { ("upgradewatch-upgrade", "Verdict"), ("upgradewatch-upgrade", "Phase"), ("upgradewatch-upgrade", "Findings"), ("upgradewatch-fleet", "Targets"), ("upgradewatch-self", "Last look") })
            await FirstAsync(board, panel);

        var asked = story.Dashboards().SelectMany(Panels).SelectMany(Queries).ToList();
        foreach (var query in asked) await story.AskGrafanaAsync("upgradewatch-prometheus", query);
        var rules = story.Provisioned("alerting").SelectMany(file => file["groups"]!.AsArray()).SelectMany(group => group!["rules"]!.AsArray()).ToList();
        foreach (var query in rules.SelectMany(rule => rule!["data"]!.AsArray()).Where(query => (string)query!["datasourceUid"]! != "__expr__"))
            await story.AskGrafanaAsync((string)query!["datasourceUid"]!, (string)query["model"]!["expr"]!);
        output.WriteLine($"{asked.Count} queries of panels, {rules.Count} alert rules");
        Assert.True(asked.Count > 0 && rules.Count > 0);
    }

    [Fact]
    public async Task Its_log_arrives_in_Loki_and_nothing_else_is_sent()
    {
        await story.UntilAsync(() => Task.FromResult(story.Stack.Loki.Paths.Count > 0));
        Assert.Equal(["/otlp/v1/logs"], story.Stack.Loki.Paths);
        var log = await story.Stack.Loki.FirstAsync("/otlp/v1/logs");
        Assert.Contains("service.name", log, StringComparison.Ordinal);
        Assert.Contains("upgradewatch", log, StringComparison.Ordinal);
    }

    // Waits for what the panel shows: Prometheus scrapes only now and then.
    private async Task<JsonObject> FirstAsync(string uid, string title)
    {
        var panel = Panels(story.Dashboards().Single(board => (string)board["uid"]! == uid)).First(panel => (string)panel["title"]! == title);
        JsonArray found = [];
        await story.UntilAsync(async () => (found = await story.AskGrafanaAsync("upgradewatch-prometheus", Queries(panel).First())).Count > 0);
        return found[0]!.AsObject();
    }

    private static IEnumerable<JsonObject> Panels(JsonNode board) =>
        board["panels"]!.AsArray().SelectMany(panel => panel!["panels"] is JsonArray within ? within.Prepend(panel) : [panel]).Select(panel => panel!.AsObject());

    // What Grafana would put in place of its variables.
    private static IEnumerable<string> Queries(JsonObject panel) => (panel["targets"] as JsonArray ?? [])
        .Where(query => (string)query!["datasource"]!["type"]! == "prometheus")
        .Select(query => ((string)query!["expr"]!).Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$__range", "1h", StringComparison.Ordinal)
            .Replace("$target", "shop", StringComparison.Ordinal).Replace("$sli", "error-ratio", StringComparison.Ordinal));

    private async Task<JsonElement> DataAsync(string what) => (await story.GetAsync("prometheus", 9090, $"/api/v1/{what}")).GetProperty("data");
}
