using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using UpgradeWatch.Tests.Configuration;
using UpgradeWatch.TestKit.Compose;

namespace UpgradeWatch.Tests.Compose;

/// <summary>What can be known of <c>compose.yaml</c> without a container engine. That its configuration files work is shown end to end.</summary>
public sealed class ComposeFileTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Root(), "compose.yaml"));
    private static readonly SchemaCheck Schema = SchemaCheck.Load(Path.Combine(Root(), "tests/UpgradeWatch.Tests/Compose/compose-spec.json"));

    [Fact]
    public void It_is_what_compose_reads_and_nothing_in_it_leads_nowhere() => Assert.Empty(Mistakes(Text));

    [Theory]
    [InlineData("read_only: true\n  cap_drop", "readonly: true\n  cap_drop", "services.shop.readonly: is not a key here")]
    [InlineData("timeout: 5s\n    depends_on", "timeout: 5\n    depends_on", "services.upgradewatch.healthcheck.timeout: breaks type \"string\"")]
    [InlineData("condition: service_started }\n      shop", "condition: started }\n      shop", "services.upgradewatch.depends_on.loki.condition: breaks enum [\"service_started\",\"service_healthy\",\"service_completed_successfully\"]")]
    [InlineData("{ source: loki, target:", "{ source: loki, path:", "services.loki.configs[0].path: is not a key here")]
    [InlineData("tmpfs: [/tmp]", "tmpfs: { path: /tmp }", "services.grafana.tmpfs: is nothing of what it can be")]
    [InlineData("cap_drop: [ALL]", "cap_drop: [ALL, ALL]", "services.shop.cap_drop: breaks uniqueItems true")]
    [InlineData("build: { context: . }", "build: { context: ., dockerfil: x }", "services.shop.build.dockerfil: is not a key here")]
    [InlineData("name: upgradewatch", "name: 7", "name: breaks type \"string\"")]
    [InlineData("\nvolumes:\n", "\nvolume:\n", "volume: is not a key here")]
    [InlineData("  loki: { file: .compose/loki.yaml }", "  loki: { path: .compose/loki.yaml }", "configs.loki.path: is not a key here")]
    public void A_mistake_against_the_schema_is_named(string right, string wrong, string mistake) => Assert.Contains(mistake, Mistakes(Spoil(right, wrong)));

    [Theory]
    [InlineData(":-good}", "}", "${SHOP_SCENARIO} has no default")]
    [InlineData("grafana/loki:3.5.8", "grafana/loki", "loki: the image 'grafana/loki' is not pinned")]
    [InlineData("grafana/loki:3.5.8", "grafana/loki:latest", "loki: the image 'grafana/loki:latest' is not pinned")]
    [InlineData("grafana/loki:3.5.8", "grafana/loki:3.5", "loki: the tag '3.5' is no whole version")]
    [InlineData("build: { context: . }", "build: { context: src }", "shop: there is no Dockerfile where it is built")]
    [InlineData("  read_only: true\n  cap_drop", "  cap_drop", "grafana: its root file system can be written to")]
    [InlineData("cap_drop: [ALL]", "cap_drop: [NET_RAW]", "prometheus: it keeps capabilities")]
    [InlineData("no-new-privileges:true", "no-new-privileges:false", "upgradewatch: it may gain privileges")]
    [InlineData("    image: grafana/loki", "    user: root\n    image: grafana/loki", "loki: it is privileged")]
    [InlineData("127.0.0.1:${GRAFANA_PORT:-3000}:3000", "${GRAFANA_PORT:-3000}:3000", "grafana: '3000:3000' is not published on this machine alone")]
    [InlineData("{ source: loki, target:", "{ source: lokki, target:", "loki: 'lokki' is not declared under configs")]
    [InlineData("loki:/loki\"", "logs:/loki\"", "loki: 'logs' is not declared under volumes")]
    [InlineData("file: .compose/loki.yaml", "file: .compose/lokki.yaml", "loki: there is no .compose/lokki.yaml")]
    [InlineData("file: .compose/loki.yaml", "content: auth_enabled", "loki: 'loki' is not a file, and cannot be put into a container whose root file system is read-only")]
    [InlineData("source: ./dashboards", "source: ./boards", "grafana: there is no boards")]
    [InlineData("provisioning/datasources/loki.yaml", "provisioning/datasources/upgradewatch.yaml", "grafana: two things are mounted at /etc/grafana/provisioning/datasources/upgradewatch.yaml")]
    [InlineData("      shop: { condition", "      shopp: { condition", "upgradewatch: it depends on shopp, which is no service")]
    [InlineData("loki: { condition: service_started", "loki: { condition: service_healthy", "upgradewatch: it waits for loki to be healthy, which nobody asks")]
    [InlineData("\nvolumes:\n", "\nvolumes:\n  more:\n", "volumes: nobody uses more")]
    public void What_leads_nowhere_is_named(string right, string wrong, string mistake) => Assert.Contains(mistake, Mistakes(Spoil(right, wrong)));

    [Fact]
    public void Variables_are_filled_in_as_compose_does()
    {
        var file = ComposeFile.Parse("services: { a: { image: 'x:${TAG:-1}-$NAME$$${EMPTY:-full}' } }", Root(), ("NAME", "n"), ("EMPTY", ""));

        Assert.Equal("x:1-n$full", file.Service("a").Image);
        Assert.Equal([("EMPTY", "full"), ("NAME", null), ("TAG", "1")], file.Variables.OrderBy(one => one.Key).Select(one => (one.Key, one.Value)));
        Assert.Throws<FormatException>(() => ComposeFile.Parse("name: 5$", Root()));
    }

    [Fact]
    public void What_is_merged_in_goes_behind_what_is_written_and_what_came_before()
    {
        var read = YamlJson.Parse("a: &a { x: 1, y: 1 }\nb: &b { y: 2, z: 2 }\nc: { <<: [*a, *b], x: 3 }\nd: { <<: *b }\n");

        Assert.Equal("""{"x":3,"y":1,"z":2}""", read["c"]!.ToJsonString());
        Assert.Equal("""{"y":2,"z":2}""", read["d"]!.ToJsonString());
    }

    [Fact]
    public void The_shop_is_upgraded_by_two_variables()
    {
        var usual = ComposeFile.Parse(Text, Root()).Service("shop").Command;
        var bad = ComposeFile.Parse(Text, Root(), ("SHOP_VERSION", "1.5.0"), ("SHOP_SCENARIO", "errors")).Service("shop").Command;

        Assert.Equal("demo --service http://0.0.0.0:8081 --version 1.4.2 --scenario good", string.Join(' ', usual));
        Assert.Equal("demo --service http://0.0.0.0:8081 --version 1.5.0 --scenario errors", string.Join(' ', bad));
    }

    [Fact]
    public void Alerts_are_routed_as_the_example_does_but_to_nobody()
    {
        var (own, example) = (YamlJson.Parse(Read(".compose/alertmanager.yml")), YamlJson.Parse(Read("dashboards/alerting/alertmanager.example.yaml")));

        Assert.Equal(example["route"]!.ToJsonString(), own["route"]!.ToJsonString());
        Assert.Equal(example["inhibit_rules"]!.ToJsonString(), own["inhibit_rules"]!.ToJsonString());
        Assert.Equal(Receivers(example), Receivers(own));
        Assert.All(own["receivers"]!.AsArray(), receiver => Assert.Equal(["name"], receiver!.AsObject().Select(one => one.Key)));

        static IEnumerable<string> Receivers(JsonNode file) => file["receivers"]!.AsArray().Select(receiver => (string)receiver!["name"]!);
    }

    [Fact]
    public void What_alert_rules_and_dashboards_ask_is_provisioned_with_them()
    {
        var grafana = ComposeFile.Parse(Text, Root()).Service("grafana");
        var sources = Mounted("/etc/grafana/provisioning/datasources/").SelectMany(file => file["datasources"]!.AsArray()).ToList();
        var folder = grafana.Mounts.Single(mount => mount.Kind == "bind");
        var provider = Mounted("/etc/grafana/provisioning/dashboards/").Single()["providers"]!.AsArray().Single()!;
        var boards = Directory.GetFiles(folder.HostPath!, "*.json").Select(path => JsonNode.Parse(File.ReadAllText(path))!).ToList();

        Assert.Equal(folder.Target, (string)provider["options"]!["path"]!);
        Assert.Contains(grafana.Environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"], Directory.GetFiles(folder.HostPath!).Select(path => $"{folder.Target}/{Path.GetFileName(path)}"));
        foreach (var rule in Mounted("/etc/grafana/provisioning/alerting/").SelectMany(file => file["groups"]!.AsArray()).SelectMany(group => group!["rules"]!.AsArray()))
        {
            foreach (var query in rule!["data"]!.AsArray())
                Assert.Contains((string)query!["datasourceUid"]!, sources.Select(source => (string)source!["uid"]!).Append("__expr__"));
            if (rule["dashboardUid"] is { } uid) Assert.Contains((string)uid!, boards.Select(board => (string)board["uid"]!));
        }

        var asked = boards.SelectMany(board => board["templating"]!["list"]!.AsArray()).Where(variable => (string)variable!["type"]! == "datasource").Select(variable => (string)variable!["query"]!).Distinct();
        Assert.Subset(sources.Select(source => (string)source!["type"]!).ToHashSet(), asked.ToHashSet());

        IEnumerable<JsonNode> Mounted(string under) => grafana.Mounts.Where(mount => mount.Target.StartsWith(under, StringComparison.Ordinal)).Select(mount => YamlJson.Parse(File.ReadAllText(mount.HostPath!)));
    }

    [Fact]
    public void Only_logs_have_an_address_by_OTLP() =>
        Assert.Equal(["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"], ComposeFile.Parse(Text, Root()).Service("upgradewatch").Environment.Keys.Where(name => name.StartsWith("OTEL_", StringComparison.Ordinal)));

    private static List<string> Mistakes(string text)
    {
        var file = ComposeFile.Parse(text, Root());
        // What breaks the schema may be nothing that the other checks can read.
        return Schema.Mistakes(file.Content) is { Count: > 0 } bad ? [.. bad] : [.. ComposeCheck.Mistakes(file)];
    }

    private static string Spoil(string right, string wrong)
    {
        var found = Text.IndexOf(right, StringComparison.Ordinal);
        Assert.True(found >= 0, $"'{right}' is not in compose.yaml");
        return string.Concat(Text.AsSpan(0, found), wrong, Text.AsSpan(found + right.Length));
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Root(), file));

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
