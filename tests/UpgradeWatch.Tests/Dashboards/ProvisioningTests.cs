using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Grafana;

namespace UpgradeWatch.Tests.Dashboards;

/// <summary>
/// The dashboards in a Grafana: saved by its API, read back, and every query of every panel asked through its data source
/// proxy. Against the server in this process, or a real Grafana when UPGRADEWATCH_TEST_GRAFANA_URL names one.
/// </summary>
public sealed class ProvisioningTests(Story story) : IClassFixture<Story>
{
    private const string Source = "uw-test-prometheus";

    public static TheoryData<string> Files => LintTests.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_dashboard_is_read_back_as_it_was_saved(string file)
    {
        await using var grafana = await GrafanaUnderTest.StartAsync(GrafanaVersion.V9);
        var board = LintTests.Load(file);

        await grafana.PostAsync("api/dashboards/db", new JsonObject { ["dashboard"] = board.DeepClone(), ["overwrite"] = true });
        var read = (await grafana.GetAsync($"api/dashboards/uid/{(string)board["uid"]!}"))["dashboard"]!;

        Assert.Equal((string)board["title"]!, (string)read["title"]!);
        Assert.Equal(Described(board), Described(read.AsObject()));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_query_is_answered_through_the_proxy(string file)
    {
        await using var grafana = await GrafanaUnderTest.StartAsync(GrafanaVersion.V9, GrafanaTestServer.AdminToken);
        await grafana.AddPrometheusAsync(Source, story.PrometheusUrl);
        var query = story.QueryAt(new Uri(grafana.Client.BaseAddress!, $"api/datasources/proxy/uid/{Source}/"), grafana.Client);

        foreach (var panel in LintTests.Panels(LintTests.Load(file)).Where(panel => panel["datasource"] is { } source && (string)source["type"]! == "prometheus"))
        {
            foreach (var target in LintTests.Targets(panel))
            {
                var found = 0;
                foreach (var name in Story.Targets) found += (await query.AskAsync(target, ("target", name), ("sli", "error-ratio"))).Count;
                Assert.True(found > 0, $"{(string)panel["title"]!}: {(string)target["expr"]!} gives nothing");
            }
        }
    }

    private static IEnumerable<string> Described(JsonObject board) => LintTests.Panels(board).Select(panel =>
        $"{(string)panel["type"]!}: {(string)panel["title"]!}: {string.Join(" | ", LintTests.Targets(panel).Select(target => (string)target["expr"]!))}");
}
