using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UpgradeWatch.Dashboards.Chart;
using UpgradeWatch.Tests.Configuration;
using UpgradeWatch.Tests.Helm.Rendering;

namespace UpgradeWatch.Tests.Helm;

/// <summary>The files of the chart that are written from others, and what they say of each other.</summary>
[Collection(ChartTests.Name)]
public sealed class ChartFileTests(ChartEngine chart)
{
    private const string Rewrite = "dotnet run --project tests/UpgradeWatch.Dashboards -- dashboards helm/upgradewatch";

    public static TheoryData<string> Paths => [.. ChartFiles.All(ChartPaths.Chart).Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_file_is_as_it_is_written(string path)
    {
        var written = ChartFiles.All(ChartPaths.Chart).Single(file => file.Path == path).Content;

        Assert.True(written == File.ReadAllText(Path.Combine(ChartPaths.Chart, path)), $"helm/upgradewatch/{path} is not what it is written from: {Rewrite}");
    }

    [Fact]
    public void No_copy_is_left_over()
    {
        var shipped = Directory.EnumerateFiles(Path.Combine(ChartPaths.Chart, "files"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(ChartPaths.Chart, file));

        Assert.Equal(ChartFiles.Copies().Select(file => file.Path).Order(StringComparer.Ordinal), shipped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_value_says_what_it_does() =>
        Assert.All(ValuesTable.Rows(File.ReadAllText(Path.Combine(ChartPaths.Chart, "values.yaml"))), row => Assert.True(row.Meaning.EndsWith('.'), $"{row.Key}: {row.Meaning}"));

    [Fact]
    public void The_table_of_values_can_tell_all_kinds()
    {
        var rows = ValuesTable.Rows("# -- A\n# b.\na: 1\nb:\n  # Not this.\n  # -- C.\n  c: \"x\"\n  d: []\n# -- E.\ne:\n  f: true\n");

        Assert.Equal([new("a", "1", "A b."), new("b.c", "\"x\"", "C."), new("b.d", "[]", ""), new("e", "{\"f\":true}", "E.")], rows);
    }

    [Fact]
    public void A_readme_without_a_place_for_the_values_is_refused() => Assert.Throws<FormatException>(() => ValuesTable.Put("# Chart\n", "a: 1\n"));

    [Fact]
    public void It_has_the_version_of_the_product()
    {
        var version = Regex.Match(File.ReadAllText(Path.Combine(ChartPaths.Repository, "Directory.Build.props")), "<Version>(.*)</Version>").Groups[1].Value;

        Assert.Contains($"\nversion: {version}\nappVersion: {version}\n", File.ReadAllText(Path.Combine(ChartPaths.Chart, "Chart.yaml")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_cluster_that_is_too_old_is_refused(string engine)
    {
        var refused = await Assert.ThrowsAsync<ChartRefusedException>(() => chart.RenderAsync(engine, "{}", new ChartEngine.Release(KubeVersion: "1.26.9")));

        Assert.Contains("chart requires kubeVersion: >=1.27.0-0", refused.Message, StringComparison.Ordinal);
        await chart.RenderAsync(engine, "{}", new ChartEngine.Release(KubeVersion: "1.27.0"));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task The_examples_of_the_readme_are_good(int example)
    {
        var values = Blocks()[example];

        var rendered = values.Contains("mode: sidecar", StringComparison.Ordinal)
            ? await chart.RenderShopAsync(ChartEngine.Own, Regex.Match(values, "upgradewatch:\n((?:  .*\n)+)").Groups[1].Value.Replace("\n  ", "\n", StringComparison.Ordinal)[2..])
            : await chart.RenderAsync(ChartEngine.Own, values);

        Assert.Empty(rendered.Objects.SelectMany(KubernetesModels.Mistakes));
        var merged = rendered.Values!["upgradewatch"]?.AsObject() ?? rendered.Values;
        Assert.Empty(SchemaCheck.Load(Path.Combine(ChartPaths.Chart, "values.schema.json")).Mistakes(merged));
    }

    [Fact]
    public async Task Every_key_that_the_readme_sets_is_there()
    {
        var values = (await chart.RenderAsync(ChartEngine.Own, "{}")).Values!;
        var keys = Regex.Matches(await File.ReadAllTextAsync(Path.Combine(ChartPaths.Chart, "README.md")), @"--set(?:-string)? '?([A-Za-z.]+)").Select(match => match.Groups[1].Value).ToList();

        Assert.True(keys.Count > 5);
        foreach (var key in keys.Where(key => !key.StartsWith("config.", StringComparison.Ordinal)))
            Assert.True(key.Split('.').Aggregate((JsonNode?)values, (node, name) => node?[name]) is not null, key);
    }

    [Fact]
    public async Task The_application_of_these_tests_carries_the_sidecar_as_the_readme_says()
    {
        var shop = await File.ReadAllTextAsync(Path.Combine(ChartPaths.Shop, "templates/deployment.yaml"));
        var lines = (await File.ReadAllLinesAsync(Path.Combine(ChartPaths.Chart, "README.md"))).Where(line => line.Contains("{{", StringComparison.Ordinal) && line.Contains("include", StringComparison.Ordinal)).ToList();

        Assert.Equal(5, lines.Count);
        Assert.All(lines, line => Assert.Contains(line.Trim(), shop, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Helm_finds_nothing_to_complain_about()
    {
        if (!ChartEngine.All.Contains(ChartEngine.Helm)) return;
        var (exitCode, _, output) = await TestKit.Processes.TestProcess.RunAsync(ChartEngine.Helm, ["lint", "--strict", ChartPaths.Chart]);
        Assert.True(exitCode == 0, output);
    }

    // Helm keeps a release, with the chart's files, in one Secret of at most 1 MiB.
    [Fact]
    public void It_is_small_enough_for_the_Secret_of_a_release()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var file in Directory.EnumerateFiles(ChartPaths.Chart, "*", SearchOption.AllDirectories)) gzip.Write(File.ReadAllBytes(file));
        }

        Assert.InRange(packed.Length, 1, 250_000);
    }

    [Theory]
    [InlineData("deployment.yaml", "replicas:", "replica:")]
    [InlineData("deployment.yaml", "automountServiceAccountToken", "automountServiceAccounttoken")]
    [InlineData("_pod.tpl", "containerPort", "containerport")]
    [InlineData("_pod.tpl", "imagePullPolicy", "imagePullpolicy")]
    [InlineData("_pod.tpl", "mountPath: /etc", "mounthPath: /etc")]
    [InlineData("service.yaml", "targetPort", "targetport")]
    [InlineData("pvc.yaml", "accessModes:\n", "accessMode:\n")]
    [InlineData("rbac.yaml", "apiGroup: ", "apiGroups: ")]
    public async Task A_misspelt_field_is_seen(string template, string field, string misspelt)
    {
        var copy = chart.CopyChart();
        var file = Path.Combine(copy, "templates", template);
        var text = await File.ReadAllTextAsync(file);
        Assert.Contains(field, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text.Replace(field, misspelt, StringComparison.Ordinal));

        var rendered = await chart.RenderAsync(ChartEngine.Own, "{}", chart: copy);

        Assert.NotEmpty(rendered.Objects.SelectMany(KubernetesModels.Mistakes));
    }

    [Theory]
    [InlineData("service-monitor", "interval:", "intervall:")]
    [InlineData("pod-monitor", "scrapeTimeout:", "scrapetimeout:")]
    public async Task A_misspelt_field_of_a_monitor_is_seen(string set, string field, string misspelt)
    {
        var copy = chart.CopyChart();
        var file = Path.Combine(copy, "templates/monitors.yaml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace($"  {field}", $"  {misspelt}", StringComparison.Ordinal));

        var rendered = await chart.RenderAsync(ChartEngine.Own, ChartPaths.Values(set), chart: copy);

        Assert.NotEmpty(rendered.Objects.SelectMany(KubernetesModels.Mistakes));
    }

    public static TheoryData<string> Engines => [.. ChartEngine.All];

    public static TheoryData<int> Examples => [.. Enumerable.Range(0, Blocks().Count)];

    // The blocks with values: those without templates of an application.
    private static IReadOnlyList<string> Blocks() =>
        [.. Regex.Matches(File.ReadAllText(Path.Combine(ChartPaths.Chart, "README.md")), "```yaml\n(.*?)```", RegexOptions.Singleline)
            .Select(match => match.Groups[1].Value).Where(text => !text.Contains("{{", StringComparison.Ordinal))];
}
