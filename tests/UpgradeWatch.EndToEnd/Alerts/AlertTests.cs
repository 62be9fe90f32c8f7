using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using UpgradeWatch.EndToEnd.KillTests;
using UpgradeWatch.TestKit.Alertmanager;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;
using Xunit.Abstractions;

namespace UpgradeWatch.EndToEnd.Alerts;

/// <summary>
/// The shipped rules in a real Prometheus, the shipped routes in a real Alertmanager: who is paged when an upgrade goes bad.
/// Only times are shorter than shipped: those in which Alertmanager gathers, and after which UpgradeWatch counts as down.
/// </summary>
public sealed class AlertTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Evaluation = TimeSpan.FromSeconds(2), Scrape = TimeSpan.FromSeconds(0.5);

    private readonly TempFolder _folder = new();
    private ScrapedShop _shop = null!;
    private Pager _pager = null!;
    private AlertmanagerServer _alertmanager = null!;
    private PrometheusServer _prometheus = null!;
    private UpgradeWatchServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _shop = await ScrapedShop.StartAsync();
        _pager = await Pager.StartAsync();
        _alertmanager = await AlertmanagerServer.StartNewAsync(Shipped("alertmanager.example.yaml")
            .Replace("http://127.0.0.1:9", _pager.Url, StringComparison.Ordinal)
            .Replace("group_wait: 10s", "group_wait: 1s", StringComparison.Ordinal)
            .Replace("group_interval: 5m", "group_interval: 1s", StringComparison.Ordinal));
        // And a rule such as everybody has.
        var rules = _folder.Write("rules.yaml", $$"""
            {{Shipped("prometheus-rules.yaml").Replace(", 120)", ", 6)", StringComparison.Ordinal).Replace("+ 120)", "+ 6)", StringComparison.Ordinal)}}
              - name: shop
                rules: [{ alert: ServiceDown, expr: 'up{job="shop"} == 0', labels: { severity: critical } }]
            """);
        _prometheus = new PrometheusServer(
            new ScrapeJob("shop", _shop.MetricsUrl.Authority) { Interval = Scrape })
        {
            Alerting = new Alerting(rules, Evaluation, _alertmanager.Url.Authority),
        };
        await _prometheus.StartAsync();
        await _prometheus.WaitForScrapesAsync("shop", 24);
        _server = await UpgradeWatchServer.StartNewAsync($$"""
            prometheus: { url: '{{_prometheus.Url}}' }
            instance: { labels: { cluster: eu-1 }, grafanaUrl: http://grafana.example.com, runbookUrl: http://wiki.example.com/upgradewatch }
            alertmanager: { url: '{{_alertmanager.Url}}' }
            alerts: { send: false }
            silences: { plannedDowntime: true, leaseSeconds: 15 }
            evaluation: { intervalSeconds: 0.25, stepSeconds: 0.5, delaySeconds: 0.5, baselineSeconds: 10, observationSeconds: 600, minimumSeconds: 3, warmupSeconds: 1, historySeconds: 3600 }
            targets:
              - { name: shop, profile: aspnetcore, labels: { job: shop } }
            """);
        _client = new HttpClient { BaseAddress = _server.Url };
        await _prometheus.ReconfigureAsync(
            new ScrapeJob("shop", _shop.MetricsUrl.Authority) { Interval = Scrape },
            new ScrapeJob("upgradewatch", _server.MetricsUrl.Authority) { Interval = Scrape });
        await _prometheus.WaitForScrapesAsync("upgradewatch", 2);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _prometheus.DisposeAsync();
        await _alertmanager.DisposeAsync();
        await _pager.DisposeAsync();
        await _shop.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_upgrade_that_goes_bad_pages_once_with_numbers_and_links_and_a_process_that_dies_pages_too()
    {
        var id = await PostAsync("/api/v1/upgrades", """{"target":"shop","fromVersion":"1","toVersion":"2","phase":"post-upgrade"}""");
        await _pager.WaitAsync("UpgradeWatchWatchdog", "firing", Output);
        _shop.SetBad(true);

        var page = await _pager.WaitAsync("UpgradeAnomaly", "firing", Output);

        output.WriteLine($"{page}: {page.Annotation("summary")}");
        Assert.Equal(("on-call", "critical", "shop", "eu-1", "upgradewatch"), (page.Receiver, page.Label("severity"), page.Label("target"), page.Label("cluster"), page.Label("source")));
        Assert.Matches(@"^Upgrade of shop to 2 has failed its check: \d of its SLIs out of band, the worst is error-ratio, now 0\.[0-9]+ ratio, before 0\.$", page.Annotation("summary"));
        Assert.Contains("upgradewatch rollback --target shop", page.Annotation("description"), StringComparison.Ordinal);
        Assert.Equal("http://wiki.example.com/upgradewatch#upgradeanomaly", page.Annotation("runbook_url"));
        Assert.Equal("http://grafana.example.com/d/upgradewatch-upgrade?var-target=shop", page.Annotation("dashboard_url"));
        var seen = await _prometheus.Query.ValueAsync("min(min_over_time((timestamp(upgradewatch_verdict{status=\"fail\"} == 1))[5m:500ms]))");
        var late = page.StartsAt - DateTimeOffset.FromUnixTimeMilliseconds((long)(seen!.Value * 1000));
        output.WriteLine($"fires {late.TotalSeconds:0.0} s after it was scraped, {late / Evaluation:0.0} evaluations");
        Assert.InRange(late / Evaluation, -0.5, 2);

        _shop.SetBad(false);
        await PostAsync($"/api/v1/upgrades/{id}/phase", """{"phase":"rolling-back"}""");
        await PostAsync($"/api/v1/upgrades/{id}/phase", """{"phase":"rolled-back"}""");
        await _pager.WaitAsync("UpgradeAnomaly", "resolved", Output);
        Assert.Single(_pager.Pages, other => other.Label("alertname") == "UpgradeAnomaly" && other.Status == "firing");
        Assert.DoesNotContain(_pager.Pages, other => other.Label("severity") == "info");
        Assert.All(_pager.Pages, other => Assert.Equal(other.Label("alertname") == "UpgradeWatchWatchdog" ? "dead-mans-switch" : "on-call", other.Receiver));

        await PostAsync("/api/v1/upgrades", """{"target":"shop","toVersion":"3","phase":"upgrading"}""");
        await _server.KillAsync();
        var down = await _pager.WaitAsync("UpgradeWatchDown", "firing", Output);
        Assert.Equal(("on-call", "critical"), (down.Receiver, down.Label("severity")));
        Assert.Matches("^UpgradeWatch has not looked at anything for [0-9.]+s: no upgrade is being watched[.]$", down.Annotation("summary"));
        Assert.Equal("http://wiki.example.com/upgradewatch#upgradewatchdown", down.Annotation("runbook_url"));
    }

    [Fact]
    public async Task What_the_planned_downtime_makes_pages_nobody_until_the_lease_has_lapsed()
    {
        var now = TimeProvider.System.GetUtcNow();
        await PostAsync("/api/v1/upgrades", $$"""{"target":"shop","toVersion":"2","phase":"upgrading","owner":"alice","plannedDowntime":{"from":"{{now.AddMinutes(-1):O}}","until":"{{now.AddMinutes(10):O}}"} }""");
        await _server.WaitForLineAsync("the silence of ");
        await _shop.StopAsync();
        await _prometheus.Query.WaitAsync("ALERTS{alertname=\"ServiceDown\", alertstate=\"firing\"}");
        await Readiness.UntilAsync(async () => await SuppressedAsync("ServiceDown"), () => null, Output, CancellationToken.None);

        // Through another lease and what Alertmanager gathers: it is extended, and nobody hears of it.
        var first = await EndsAtAsync();
        await Readiness.UntilAsync(async () => await EndsAtAsync() > first.AddSeconds(15), () => null, Output, CancellationToken.None);
        Assert.DoesNotContain(_pager.Pages, page => page.Label("alertname") == "ServiceDown");

        await _server.KillAsync();
        var lapses = await EndsAtAsync();
        await _pager.WaitAsync("UpgradeWatchDown", "firing", Output);
        var page = await _pager.WaitAsync("ServiceDown", "firing", Output);
        Assert.Equal("on-call", page.Receiver);
        Assert.True(TimeProvider.System.GetUtcNow() >= lapses.AddSeconds(-1));
    }

    private async Task<bool> SuppressedAsync(string alert)
    {
        var alerts = await AlertmanagerAsync($"alerts?filter=alertname%3D%22{alert}%22");
        return alerts.Any() && alerts.All(one => one.GetProperty("status").GetProperty("state").GetString() == "suppressed");
    }

    private async Task<DateTimeOffset> EndsAtAsync() => (await AlertmanagerAsync("silences")).Max(silence => silence.GetProperty("endsAt").GetDateTimeOffset());

    private async Task<IReadOnlyList<JsonElement>> AlertmanagerAsync(string path) =>
        [.. (await _client.GetFromJsonAsync<JsonElement>(new Uri(_alertmanager.Url, $"api/v2/{path}"))).EnumerateArray()];

    private string Output() => $"{_server.Output}\n{_prometheus.Output}\n{_alertmanager.Output}";

    private async Task<string> PostAsync(string path, string json)
    {
        using var answer = await _client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, body.ToString());
        return body.GetProperty("id").GetString()!;
    }

    private static string Shipped(string file, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../dashboards/alerting", file));
}
