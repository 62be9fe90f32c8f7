using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace UpgradeWatch.Tests.Dashboards;

/// <summary>
/// The rules of Grafana's dashboard-linter (but those that dashboards/.lint excludes, with the reason there), and what
/// provisioning demands, on the files that are shipped.
/// </summary>
public sealed partial class LintTests
{
    private static readonly string[] NeedNoDescription = ["row", "text"];

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Repository.Dashboards, "*.json").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void It_can_be_provisioned_as_it_is(string file)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Dashboards, file));
        var board = JsonNode.Parse(text)!.AsObject();

        Assert.False(text.StartsWith('\uFEFF'));
        Assert.True(board.ContainsKey("id") && board["id"] is null);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), (string)board["uid"]!);
        Assert.Matches("^[A-Za-z0-9_-]{1,40}$", (string)board["uid"]!);
        Assert.Equal(37, (int)board["schemaVersion"]!);
        Assert.False((bool)board["editable"]!);
        Assert.DoesNotContain("__inputs", text, StringComparison.Ordinal);
        Assert.DoesNotContain("${DS_", text, StringComparison.Ordinal);
        var ids = Panels(board).Select(panel => (int)panel["id"]!).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_data_sources_are_variables_with_the_names_that_are_usual(string file)
    {
        var board = Load(file);
        var sources = Variables(board).Where(variable => (string)variable["type"]! == "datasource").Select(variable => ((string)variable["name"]!, (string)variable["label"]!, (string)variable["query"]!)).ToList();

        if (sources.Count == 1) Assert.Equal(("datasource", "Data source", "prometheus"), sources[0]);
        else Assert.Equal([("prometheus_datasource", "Prometheus data source", "prometheus"), ("loki_datasource", "Loki data source", "loki")], sources);
        var names = sources.Select(source => $"${source.Item1}").ToHashSet();
        foreach (var reference in Panels(board).Concat(Variables(board)).Where(node => node["datasource"] is not null))
            Assert.Contains((string)reference["datasource"]!["uid"]!, names);
        foreach (var target in Panels(board).SelectMany(Targets))
            Assert.Contains((string)target["datasource"]!["uid"]!, names);
        foreach (var variable in Variables(board).Where(variable => (string)variable["type"]! == "query"))
        {
            Assert.Equal(2, (int)variable["refresh"]!);
            Assert.StartsWith("label_values(", (string)variable["definition"]!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_filled_is_filled_down_to_a_series_that_there_is(string file)
    {
        foreach (var panel in Panels(Load(file)).Where(panel => panel.ToJsonString().Contains("fillBelowTo", StringComparison.Ordinal)))
        {
            // Whatever the unit, also one that has no format of its own.
            foreach (var unit in (string[])["seconds", "ratio", "percent", "bytes", "requests_per_second", "apples"])
            {
                var shown = Targets(panel).Select(target => Shown(panel, Regex.Replace((string)target["legendFormat"]!, "{{[a-z_]+}}", unit))).ToList();
                var filled = shown.Where(one => one.Properties.ContainsKey("custom.fillBelowTo")).ToList();

                Assert.NotEmpty(filled);
                Assert.Equal(shown.Count, shown.Select(one => one.Name).Distinct().Count());
                foreach (var (name, properties) in filled)
                {
                    // Grafana looks for the whole name as it is shown, and does not fill in any label in it.
                    var down = (string)properties["custom.fillBelowTo"]!;
                    Assert.DoesNotContain("{{", down, StringComparison.Ordinal);
                    Assert.NotEqual(name, down);
                    Assert.Single(shown, one => one.Name == down);
                }

                // All on one axis.
                Assert.Single(shown.Select(one => (string?)one.Properties.GetValueOrDefault("unit")).Distinct());
                Assert.Equal(unit == "apples", shown.All(one => !one.Properties.ContainsKey("unit")));
            }
        }
    }

    // The overrides of a series in their order, as Grafana applies them: each sees the name that those before it have given.
    private static (string Name, Dictionary<string, JsonNode?> Properties) Shown(JsonObject panel, string legend)
    {
        var properties = new Dictionary<string, JsonNode?>();
        foreach (var changed in panel["fieldConfig"]!["overrides"]!.AsArray())
        {
            var (how, what) = ((string)changed!["matcher"]!["id"]!, (string)changed["matcher"]!["options"]!);
            Assert.Contains(how, (string[])["byName", "byRegexp"]);
            if (how == "byName" ? what != legend : !Regex.IsMatch(legend, what.Trim('/'))) continue;
            foreach (var property in changed["properties"]!.AsArray()) properties[(string)property!["id"]!] = property["value"];
            if (properties.TryGetValue("displayName", out var name)) legend = (string)name!;
        }

        return (legend, properties);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_panel_says_what_it_shows_and_in_which_unit(string file)
    {
        var panels = Panels(Load(file)).Where(panel => !NeedNoDescription.Contains((string)panel["type"]!)).ToList();

        Assert.NotEmpty(panels);
        foreach (var panel in panels)
        {
            var title = (string)panel["title"]!;
            Assert.False(string.IsNullOrWhiteSpace(title));
            Assert.False(string.IsNullOrWhiteSpace((string?)panel["description"]), title);
            if ((string)panel["type"]! == "alertlist") continue;
            var defaults = panel["fieldConfig"]!["defaults"]!;
            Assert.False(string.IsNullOrEmpty((string?)defaults["unit"]), title);
            Assert.False(string.IsNullOrEmpty((string?)defaults["noValue"]), title);
            Assert.NotEmpty(defaults["thresholds"]!["steps"]!.AsArray());
            Assert.NotEmpty(Targets(panel));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_shown_by_colour_is_shown_by_words_too(string file)
    {
        foreach (var options in Mappings(Load(file)))
        {
            foreach (var (value, shown) in options) Assert.False(string.IsNullOrWhiteSpace((string?)shown!["text"]), value);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_queries_follow_the_rules(string file)
    {
        foreach (var target in Panels(Load(file)).SelectMany(Targets))
        {
            var expression = (string)target["expr"]!;
            foreach (var range in Range().Matches(expression).Select(found => found.Groups[1].Value))
                Assert.Contains(range, (string[])["$__rate_interval", "$__range", "$__auto"]);

            // A counter alone says nothing; it is asked for its increase.
            foreach (Match counter in Counter().Matches(expression))
                Assert.Matches(@"(rate|increase)\($", expression[..counter.Index]);
            if ((string)target["datasource"]!["type"]! == "loki") continue;

            // UpgradeWatch's own metrics alone, so that the dashboards fit any service.
            foreach (Match name in Name().Matches(expression)) Assert.Matches("^(upgradewatch|process|dotnet)_", name.Groups[1].Value);
        }
    }

    internal static JsonObject Load(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Dashboards, file)))!.AsObject();

    internal static IEnumerable<JsonObject> Panels(JsonObject board) =>
        board["panels"]!.AsArray().SelectMany(panel => panel!["panels"] is JsonArray within ? within.Prepend(panel) : [panel]).Select(panel => panel!.AsObject());

    internal static IEnumerable<JsonObject> Variables(JsonObject board) => board["templating"]!["list"]!.AsArray().Select(variable => variable!.AsObject());

    internal static IEnumerable<JsonObject> Targets(JsonObject panel) => panel["targets"] is JsonArray targets ? targets.Select(target => target!.AsObject()) : [];

    private static IEnumerable<JsonObject> Mappings(JsonNode? node) => node switch
    {
        JsonObject mapping when mapping["type"] is JsonValue type && type.ToString() == "value" && mapping["options"] is JsonObject options => [options],
        JsonObject parent => parent.SelectMany(pair => Mappings(pair.Value)),
        JsonArray list => list.SelectMany(Mappings),
        _ => [],
    };

    [GeneratedRegex(@"\[([^\]]+)\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b[a-z_]+_total\b")]
    private static partial Regex Counter();

    [GeneratedRegex(@"\b([a-z]+_[a-z_]+)\{")]
    private static partial Regex Name();
}
