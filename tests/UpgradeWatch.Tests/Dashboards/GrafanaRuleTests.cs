using System.Text.RegularExpressions;
using UpgradeWatch.Dashboards.Alerting;
using YamlDotNet.RepresentationModel;

namespace UpgradeWatch.Tests.Dashboards;

/// <summary>The rules that Grafana evaluates: what its provisioning demands, and that they are those of Prometheus.</summary>
public sealed partial class GrafanaRuleTests
{
    private static readonly string[] RuleKeys = ["uid", "title", "condition", "for", "noDataState", "execErrState", "dashboardUid", "panelId", "labels", "annotations", "data"];

    private static readonly IReadOnlyList<YamlMappingNode> Groups = [.. Sequence(Load("grafana-rules.yaml"), "groups")];
    private static readonly IReadOnlyList<YamlMappingNode> Rules = [.. Groups.SelectMany(group => Sequence(group, "rules"))];
    private static readonly IReadOnlyList<YamlMappingNode> OfPrometheus = [.. Sequence(Sequence(Load("prometheus-rules.yaml"), "groups").Single(), "rules")];

    [Fact]
    public void They_have_what_provisioning_demands_and_nothing_that_it_does_not_know()
    {
        Assert.Equal("1", Text(Load("grafana-rules.yaml"), "apiVersion"));
        foreach (var group in Groups)
        {
            Assert.Equal(["orgId", "name", "folder", "interval", "rules"], Keys(group));
            // A multiple of the 10 s in which Grafana's scheduler steps.
            Assert.Matches("^[1-9][0-9]*0s$", Text(group, "interval"));
            Assert.Equal(Sequence(group, "rules").Count(), Sequence(group, "rules").Select(rule => Text(rule, "title")).Distinct().Count());
        }

        Assert.Equal(Rules.Count, Rules.Select(rule => Text(rule, "uid")).Distinct().Count());
        foreach (var rule in Rules)
        {
            Assert.Equal(RuleKeys, Keys(rule));
            Assert.Matches("^[A-Za-z0-9_-]{1,40}$", Text(rule, "uid"));
            Assert.Matches("^[0-9]+[smh]$", Text(rule, "for"));
            Assert.Equal(("OK", "Error"), (Text(rule, "noDataState"), Text(rule, "execErrState")));
            // Labels are expanded from the environment, so that a template in one would lose its variables.
            Assert.DoesNotContain(Mapping(rule, "labels").Children.Values, value => value.ToString().Contains('$', StringComparison.Ordinal));
            // Newer versions take what is in braces after a dollar from the environment.
            Assert.DoesNotContain("${", rule.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Their_queries_end_in_one_number_for_each_series()
    {
        foreach (var rule in Rules)
        {
            var data = Sequence(rule, "data").ToDictionary(query => Text(query, "refId"));
            Assert.Equal("C", Text(rule, "condition"));
            foreach (var (refId, query) in data)
            {
                Assert.Equal(["refId", "datasourceUid", "relativeTimeRange", "model"], Keys(query));
                Assert.Equal(refId, Text(Mapping(query, "model"), "refId"));
                var range = Mapping(query, "relativeTimeRange");
                var isExpression = Text(query, "datasourceUid") == "__expr__";
                Assert.Equal(isExpression ? ("0", "0") : ("600", "0"), (Text(range, "from"), Text(range, "to")));
                if (!isExpression) Assert.Equal(("true", "false"), (Text(Mapping(query, "model"), "instant"), Text(Mapping(query, "model"), "range")));
            }

            Assert.Equal(("reduce", "A"), (Text(Mapping(data["B"], "model"), "type"), Text(Mapping(data["B"], "model"), "expression")));
            Assert.Equal(("threshold", "B"), (Text(Mapping(data["C"], "model"), "type"), Text(Mapping(data["C"], "model"), "expression")));
        }
    }

    [Fact]
    public void They_are_the_same_as_those_of_Prometheus()
    {
        Assert.Equal(OfPrometheus.Select(Identity).Order(), Rules.Select(Identity).Order());
        foreach (var rule in Rules)
        {
            var other = OfPrometheus.Single(one => Identity(one) == Identity(rule));
            var data = Sequence(rule, "data").ToDictionary(query => Text(query, "refId"), query => Mapping(query, "model"));
            Assert.Equal(Text(other, "expr"), Text(data["A"], "expr"));
            Assert.Equal(Find(other, "for") ?? "0s", Text(rule, "for"));
            Assert.Equal(Flat(Mapping(other, "labels")), Flat(Mapping(rule, "labels")));
            Assert.Equal(
                Flat(Mapping(other, "annotations")).Select(one => (one.Name, Neutral(one.Value, name => name))),
                Flat(Mapping(rule, "annotations")).Select(one => (one.Name, Neutral(one.Value, refId => UpgradeWatch.Dashboards.PromQl.OneLine(OwnPart(Text(data[refId], "expr")))))));
        }
    }

    [Fact]
    public void Each_leads_to_a_panel_that_there_is()
    {
        foreach (var rule in Rules)
        {
            var board = UpgradeWatch.Dashboards.DashboardFiles.Boards.Single(one => one.Uid == Text(rule, "dashboardUid"));
            var panel = UpgradeWatch.Dashboards.Boards.BoardWriter.PanelIds(board).Single(one => one.Value.ToString() == Text(rule, "panelId")).Key;
            Assert.Equal(Alerts.All.Single(alert => alert.Uid == Text(rule, "uid")).Panel, panel);
        }
    }

    [Fact]
    public void They_ask_the_data_source_that_is_shipped_and_lie_in_folders_of_their_own()
    {
        var sources = Sequence(Load("../provisioning/datasources/upgradewatch.yaml"), "datasources").ToList();

        // Where Grafana has data sources already, these are neither in place of one nor the default one.
        Assert.Equal([("UpgradeWatch Prometheus", "upgradewatch-prometheus"), ("UpgradeWatch Alertmanager", "upgradewatch-alertmanager")], sources.Select(one => (Text(one, "name"), Text(one, "uid"))));
        Assert.All(sources, one => Assert.Equal("false", Text(one, "isDefault")));
        Assert.Equal(
            [Text(sources[0], "uid"), "__expr__"],
            Rules.SelectMany(rule => Sequence(rule, "data")).Select(query => Text(query, "datasourceUid")).Distinct());
        // Grafana finds the rules' folder by its title alone, and would find two of the dashboards'.
        var folders = Sequence(Load("../provisioning/dashboards/upgradewatch.yaml"), "providers").Select(one => Text(one, "folder"));
        Assert.Empty(folders.Intersect(Groups.Select(group => Text(group, "folder"))));
    }

    /// <summary>A further query without what gives it the labels of the alert.</summary>
    private static string OwnPart(string query) => OfAlert().Replace(query, "");

    /// <summary>A template with both ways of naming a value, and of asking for more, made one.</summary>
    private static string Neutral(string template, Func<string, string> query)
    {
        var text = OfRange().Replace(template, found => $"<with {found.Groups[1].Value}>");
        text = OfIndex().Replace(text, found => $"<with {query(found.Groups[1].Value)}>");
        text = text.Replace("{{ end }}{{ end }}", "<end>", StringComparison.Ordinal).Replace("{{ end }}", "<end>", StringComparison.Ordinal);
        text = ValueOfPrometheus().Replace(text, found => $"<value {found.Groups[1].Value}>");
        return ValueOfGrafana().Replace(text, found => $"<value {found.Groups[1].Value}>");
    }

    private static string Identity(YamlMappingNode rule) => $"{Find(rule, "alert") ?? Text(rule, "title")} {Text(Mapping(rule, "labels"), "severity")}";

    private static YamlMappingNode Load(string file)
    {
        using var reader = File.OpenText(Path.Combine(Repository.Dashboards, "alerting", file));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static IEnumerable<string> Keys(YamlMappingNode node) => node.Children.Keys.Select(key => key.ToString());

    private static IEnumerable<YamlMappingNode> Sequence(YamlMappingNode node, string key) => ((YamlSequenceNode)node[key]).Children.Cast<YamlMappingNode>();

    private static YamlMappingNode Mapping(YamlMappingNode node, string key) => (YamlMappingNode)node[key];

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    private static string? Find(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;

    private static List<(string Name, string Value)> Flat(YamlMappingNode node) => [.. node.Children.Select(pair => (pair.Key.ToString(), ((YamlScalarNode)pair.Value).Value!))];

    [GeneratedRegex(@"^0 \* \(\(.*\) > bool 0\)\s+\+ on \(job, target\) group_left \([a-z_, ]*\)\s+", RegexOptions.Singleline)]
    private static partial Regex OfAlert();

    [GeneratedRegex(@"\{\{ range query `([^`]+)` \}\}(?:\{\{ if and [^}]+ \}\})?")]
    private static partial Regex OfRange();

    [GeneratedRegex("\\{\\{ with index \\$values \"([A-Z])\" \\}\\}\\{\\{ if \\.Labels \\}\\}")]
    private static partial Regex OfIndex();

    [GeneratedRegex(@"\{\{ \$value \| ([A-Za-z]+) \}\}")]
    private static partial Regex ValueOfPrometheus();

    [GeneratedRegex(@"\{\{ ([A-Za-z]+) \$values\.B\.Value \}\}")]
    private static partial Regex ValueOfGrafana();
}
