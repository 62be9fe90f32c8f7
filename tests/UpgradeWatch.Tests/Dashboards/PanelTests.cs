using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UpgradeWatch.Dashboards.Alerting;
using Xunit.Abstractions;

namespace UpgradeWatch.Tests.Dashboards;

/// <summary>What the panels of the shipped dashboards show of a real server's metrics, asked of a real Prometheus.</summary>
public sealed partial class PanelTests(Story story, ITestOutputHelper output) : IClassFixture<Story>
{
    private const string Fleet = "upgradewatch-fleet.json", Upgrade = "upgradewatch-upgrade.json";

    // Where there is nothing to show for it, a panel says so in words of its own.
    private static readonly string[] NoWords = ["", "-", "no data", "No data"];

    public static TheoryData<string> Files => LintTests.Files;

    public static TheoryData<string> Situations => [.. Story.Targets];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_query_gives_something_for_some_target(string file)
    {
        foreach (var panel in PrometheusPanels(file))
        {
            foreach (var query in LintTests.Targets(panel))
            {
                var found = false;
                foreach (var target in Story.Targets) found |= (await story.Query.AskAsync(query, ("target", target), ("sli", "error-ratio"))).Count > 0;
                Assert.True(found, $"{(string)panel["title"]!}: {(string)query["expr"]!} gives nothing");
            }
        }
    }

    [Fact]
    public async Task What_a_rule_of_Grafana_asks_besides_has_the_labels_of_its_alert_with_more_or_fewer()
    {
        List<string> seen = [];
        foreach (var alert in Alerts.All)
        {
            foreach (var firing in await AskAsync(alert.Expression))
            {
                if (firing.ContainsKey("target")) Assert.Equal(("shop", "shop-team", "eu-1", "test"), (firing["namespace"], firing["owner"], firing["cluster"], firing["environment"]));
                foreach (var detail in alert.Details)
                {
                    // Grafana gives an alert the value of a series if its labels hold the alert's, or the other way round.
                    var belonging = (await AskAsync(GrafanaRules.ForAlert(alert, detail))).Where(one => Holds(one, firing) || Holds(firing, one)).ToList();
                    Assert.True(belonging.Count == 1, $"{alert.Uid}, {detail.Name}: {belonging.Count} belong to {string.Join(',', firing)}");
                    Assert.All(detail.Labels, label => Assert.Contains(label, belonging[0].Keys));
                    seen.Add($"{alert.Uid} {detail.Name} {firing.GetValueOrDefault("target")}");
                }
            }
        }

        foreach (var detail in (string[])["links", "worst", "before", "times", "versions"]) Assert.Contains($"uw-anomaly-critical {detail} failing", seen);
        foreach (var detail in (string[])["links", "versions"])
        {
            Assert.Contains($"uw-in-progress {detail} failing", seen);
            Assert.Contains($"uw-blind {detail} blind", seen);
        }

        Assert.Contains("uw-watchdog links ", seen);

        async Task<List<IReadOnlyDictionary<string, string>>> AskAsync(string query) =>
            [.. (await story.Query.AskAsync(new JsonObject { ["expr"] = query, ["instant"] = true })).Select(one => one.Labels)];

        static bool Holds(IReadOnlyDictionary<string, string> all, IReadOnlyDictionary<string, string> some) => some.All(label => all.GetValueOrDefault(label.Key) == label.Value);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_metric_and_every_label_is_exposed(string file)
    {
        foreach (var query in LintTests.Panels(LintTests.Load(file)).Where(IsOfPrometheus).SelectMany(LintTests.Targets))
        {
            foreach (Match used in Metric().Matches((string)query["expr"]!))
            {
                var name = used.Groups[1].Value;
                var exposed = Regex.Match(story.Exposed, $@"^{name}(\{{[^\n]*\}})? ", RegexOptions.Multiline);
                Assert.True(exposed.Success, $"{name} is not exposed");
                foreach (Match label in Label().Matches(used.Groups[2].Value))
                    Assert.Contains($"{label.Groups[1].Value}=\"", exposed.Value, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_variables_offer_what_there_is(string file)
    {
        foreach (var variable in LintTests.Variables(LintTests.Load(file)).Where(one => (string)one["type"]! == "query"))
        {
            var expected = (string)variable["name"]! == "sli" ? ["error-ratio"] : Story.Targets;
            Assert.Equal(expected.Order(), (await story.Query.ValuesAsync(variable, ("target", "failing"))).Order());
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_marks_are_there_without_the_right_to_write_annotations(string file)
    {
        var marks = LintTests.Load(file)["annotations"]!["list"]!.AsArray().Single(one => one!["expr"] is not null)!;
        var query = new JsonObject { ["expr"] = (string)marks["expr"]!, ["instant"] = false };

        var series = await story.Query.AskAsync(query, ("target", "passing"));

        var began = series.Where(one => one.Labels["target"] == "passing").ToDictionary(one => one.Labels["phase"], one => double.Parse(one.Last, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(["post-upgrade", "pre-upgrade", "upgrading"], began.Keys.Order());
        Assert.Equal(Story.Start.AddMinutes(10).ToUnixTimeMilliseconds(), began["upgrading"]);
        Assert.Equal(Story.Start.AddMinutes(11).ToUnixTimeMilliseconds(), began["post-upgrade"]);
    }

    [Theory]
    [InlineData("waiting", "pending", "pre-upgrade")]
    [InlineData("upgrading", "pending", "upgrading")]
    [InlineData("passing", "pass", "post-upgrade")]
    [InlineData("failing", "FAIL", "post-upgrade")]
    [InlineData("blind", "inconclusive", "post-upgrade")]
    [InlineData("rolled-back", "FAIL", "rolled back")]
    [InlineData("told-late", "pass", "post-upgrade")]
    [InlineData("idle", "no upgrade, or ended over an hour ago", "no upgrade")]
    public async Task The_verdict_and_the_phase_are_said_in_words(string target, string verdict, string phase)
    {
        Assert.Equal(verdict, await SaidAsync(Upgrade, "Verdict", target));
        Assert.Equal(phase, await SaidAsync(Upgrade, "Phase", target));
        Assert.Equal(phase, await SaidAsync(Upgrade, "Phases", target));
    }

    [Theory]
    [InlineData("failing", "FAIL")]
    [InlineData("passing", "pass")]
    public async Task The_fleet_lists_every_target(string target, string verdict)
    {
        var table = LintTests.Panels(LintTests.Load(Fleet)).Single(panel => (string)panel["title"]! == "Targets");
        var queries = LintTests.Targets(table).ToList();

        var phases = await story.Query.AskAsync(queries[0], ("target", ".*"));
        var verdicts = await story.Query.AskAsync(queries[1], ("target", ".*"));
        var versions = await story.Query.AskAsync(queries[3], ("target", ".*"));

        Assert.Equal(Story.Targets.Order(), phases.Select(row => row.Labels["target"]).Order());
        Assert.Equal(verdict, Words(Override(table, "Verdict"), verdicts.Single(row => row.Labels["target"] == target).Last));
        Assert.Equal("1.5.0", versions.Single(row => row.Labels["target"] == target).Labels["to_version"]);
    }

    [Fact]
    public async Task The_fleet_counts_upgrades_and_how_they_went()
    {
        // Five began upgrading, one was told of in post-upgrade only, and one of the six was rolled back.
        Assert.Equal("6", await SaidAsync(Fleet, "Upgrades", ".*"));
        Assert.Equal("1", await SaidAsync(Fleet, "Upgrades", "passing"));
        Assert.Equal("1", await SaidAsync(Fleet, "Upgrades", "told-late"));
        Assert.Equal("none in this time", await SaidAsync(Fleet, "Upgrades", "waiting"));
        Assert.Equal("1", await SaidAsync(Fleet, "Change failure rate", "rolled-back"));
        Assert.Equal("0", await SaidAsync(Fleet, "Change failure rate", "told-late"));
        Assert.Equal(1 / 6.0, double.Parse(await SaidAsync(Fleet, "Change failure rate", ".*"), System.Globalization.CultureInfo.InvariantCulture), 3);
        Assert.Equal("2", await SaidAsync(Fleet, "Failing now", ".*"));
        Assert.Equal("none", await SaidAsync(Fleet, "Failing now", "passing"));
        Assert.Equal("no upgrade in this time", await SaidAsync(Fleet, "Change failure rate", "idle"));
        Assert.Equal("nothing is flagged", await SaidAsync(Fleet, "Flagged checklist items", "passing"));
    }

    [Fact]
    public async Task An_upgrade_that_began_earlier_than_is_shown_does_not_make_more_than_all_fail()
    {
        var panel = LintTests.Panels(LintTests.Load(Fleet)).Single(one => (string)one["title"]! == "Change failure rate");
        var query = LintTests.Targets(panel).Single().DeepClone().AsObject();
        // The last half of an hour begins between the upgrades and the roll-back.
        query["expr"] = ((string)query["expr"]!).Replace("$__range", "30m", StringComparison.Ordinal);

        Assert.Equal("1", Assert.Single(await story.Query.AskAsync(query, ("target", ".*"))).Last);
        Assert.Empty(await story.Query.AskAsync(query, ("target", "passing")));
    }

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task Where_there_is_nothing_to_show_it_says_why(string target)
    {
        var shown = new StringBuilder();
        foreach (var panel in PrometheusPanels(Upgrade))
        {
            var title = (string)panel["title"]!;
            var columns = 0;
            foreach (var query in LintTests.Targets(panel))
            {
                var series = await story.Query.AskAsync(query, ("target", target), ("sli", "error-ratio"));
                columns += series.Count;
                foreach (var one in series) shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"{title}: {string.Join(' ', one.Labels.Select(label => $"{label.Key}={label.Value}"))} {Words(panel, one.Last)} ({one.Values.Count})\n");
            }

            if (columns > 0) continue;
            var said = (string)panel["fieldConfig"]!["defaults"]!["noValue"]!;
            shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"{title}: \"{said}\"\n");
            if (target is "failing" or "passing") Assert.Equal("Planned to end in", title);
            Assert.True(!NoWords.Contains(said), $"{title} says only '{said}' for {target}");
        }

        output.WriteLine(shown.ToString());
    }

    private async Task<string> SaidAsync(string file, string title, string target)
    {
        var panel = LintTests.Panels(LintTests.Load(file)).First(one => (string)one["title"]! == title);
        var series = await story.Query.AskAsync(LintTests.Targets(panel).First(), ("target", target));
        return series.Count == 0 ? (string)panel["fieldConfig"]!["defaults"]!["noValue"]! : Words(panel, Assert.Single(series).Last);
    }

    private static string Words(JsonObject panel, string value) => Words(panel["fieldConfig"]!["defaults"]!["mappings"]!, value);

    private static string Words(JsonNode mappings, string value) =>
        mappings.AsArray().Select(mapping => mapping!["options"]![value]).FirstOrDefault(text => text is not null) is { } shown ? (string)shown["text"]! : value;

    private static JsonNode Override(JsonObject panel, string column) =>
        panel["fieldConfig"]!["overrides"]!.AsArray().Where(one => (string)one!["matcher"]!["options"]! == column).SelectMany(one => one!["properties"]!.AsArray()).Single(one => (string)one!["id"]! == "mappings")!["value"]!;

    private static IEnumerable<JsonObject> PrometheusPanels(string file) => LintTests.Panels(LintTests.Load(file)).Where(IsOfPrometheus);

    private static bool IsOfPrometheus(JsonObject panel) => panel["datasource"] is { } source && (string)source["type"]! == "prometheus";

    [GeneratedRegex(@"\b((?:upgradewatch|process|dotnet)_[a-z_]+)(?:\{([^}]*)\})?")]
    private static partial Regex Metric();

    [GeneratedRegex("([a-z_]+)[=!]~?\"")]
    private static partial Regex Label();
}
