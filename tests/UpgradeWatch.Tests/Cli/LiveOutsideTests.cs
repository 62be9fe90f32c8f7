using UpgradeWatch.TestKit.Grafana;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.Tests.Workers;

namespace UpgradeWatch.Tests.Cli;

/// <summary>What <c>config check --live</c> says of Grafana and Alertmanager: whose fault it is, and what to do.</summary>
public sealed class LiveOutsideTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("glsa_wrong", "", "Grafana could not take the credentials: it answered 401 \"invalid API key\" (check the token or the password).")]
    [InlineData(GrafanaTestServer.EditorToken, "elsewhere/", "Grafana could not say how it is: it answered 404 \"Not found\" (check the path of grafana.url).")]
    [InlineData(GrafanaTestServer.EditorToken, "", "grafana 9.4.0: answers and takes the credentials")]
    public async Task Grafana_with_a_wrong_token_or_path_is_told_from_one_that_is_well(string token, string path, string expected)
    {
        await using var grafana = await GrafanaTestServer.StartAsync(GrafanaVersion.V9);

        var said = await CheckAsync($"grafana: {{ url: '{grafana.Url}{path}', tokenFile: '{_folder.Write("token", token)}' }}");

        Assert.Contains($"\n{expected}\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dashboard_and_a_data_source_that_are_not_there_are_told()
    {
        await using var grafana = await GrafanaTestServer.StartAsync(GrafanaVersion.V9);
        grafana.AddDataSource("prom-1", "Our Prometheus", "prometheus", new Uri("http://127.0.0.1:9/"));

        var said = await CheckAsync(
            $"grafana: {{ url: '{grafana.Url}', tokenFile: '{_folder.Write("token", GrafanaTestServer.AdminToken)}', dashboardUid: nope }}",
            "prometheus: { grafanaDatasource: elsewhere }");

        Assert.Contains("\nGrafana has no dashboard with the uid 'nope' (grafana.dashboardUid)", said, StringComparison.Ordinal);
        Assert.Contains("self: Grafana has no data source with the uid or name 'elsewhere' (prometheus.grafanaDatasource); it has 'Our Prometheus'.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dashboards_that_were_not_provisioned_are_told_and_are_no_failure_of_Grafana()
    {
        await using var grafana = await GrafanaTestServer.StartAsync(GrafanaVersion.V9);
        var section = $"grafana: {{ url: '{grafana.Url}', tokenFile: '{_folder.Write("token", GrafanaTestServer.EditorToken)}' }}";

        var without = await CheckAsync(section);
        grafana.AddDashboard("upgradewatch-upgrade");
        var with = await CheckAsync(section);

        Assert.Contains("\n  note: Grafana does not have the shipped dashboards (upgradewatch-upgrade is missing)", without, StringComparison.Ordinal);
        Assert.Contains("answers and takes the credentials", without, StringComparison.Ordinal);
        Assert.DoesNotContain("shipped dashboards", with, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "\"no\"", "could not say how it is: it answered 401 \"no\" (check the token or the password).")]
    [InlineData(404, "404 page not found", "could not say how it is: it answered 404 \"404 page not found\" (check the path of alertmanager.url; the API v2 is needed).")]
    [InlineData(200, "{}", "What answers at alertmanager.url is not an Alertmanager with the API v2")]
    public async Task An_Alertmanager_that_is_none_is_told_with_its_address(int status, string body, string expected)
    {
        await using var server = await BrokenServer.StartAsync(status, body);

        var said = await CheckAsync($"alertmanager: {{ url: '{server.Url}' }}");

        Assert.Contains(expected, said, StringComparison.Ordinal);
        if (status != 200) Assert.Contains($"\nAlertmanager at {server.Url} could not", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_where_nobody_listens_is_told_once()
    {
        var said = await CheckAsync($"alertmanager: {{ url: 'http://127.0.0.1:{FreePort.Next()}' }}");

        Assert.Matches("\nAlertmanager at http://127.0.0.1:[0-9]+ cannot be reached: the connection is refused[.]\n", said);
    }

    private async Task<string> CheckAsync(string section, string prometheus = "prometheus: { url: http://127.0.0.1:9 }")
    {
        var file = _folder.Write("upgradewatch.yaml", $"{prometheus}\n{section}\ntargets: [{{ name: self, profile: custom, slis: [{{ name: a, query: up }}] }}]\n");
        var run = await CliRun.OfAsync(new ImpatientTime(), ["config", "check", file, "--live"]);
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        return run.Out;
    }
}
