using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Prometheus;

/// <summary>The whole server on virtual time before a real Prometheus with an imported past.</summary>
public sealed class RealVerdictTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly PrometheusServer _prometheus = new();
    private readonly HttpClient _http = new();
    private LabelledService _service = null!;
    private RunningServer _server = null!;
    private DateTimeOffset _end;

    public async Task InitializeAsync()
    {
        _end = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60 * 60);
        await _prometheus.ImportBlocksAsync(writer => (_service = new LabelledService(99, _end, "a:80", "b:80")).Write(writer));
        await _prometheus.StartAsync();
        _http.BaseAddress = _prometheus.Url;
        var time = new FakeTimeProvider(_service.UpgradedAt);
        var options = RunningServer.Options(_folder.File("store.db"), "shop");
        options = options with { Targets = [options.Targets[0] with { Profile = "prometheus-net", Labels = new Dictionary<string, string> { ["job"] = "shop" } }] };
        _server = await RunningServer.StartAsync(
            options,
            services =>
            {
                services.RemoveAll<IMetricSource>();
                services.AddSingleton<IMetricSource>(provider => new PrometheusSource(_http, provider.GetRequiredService<SourceCounters>(), time));
            },
            time);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
        await _prometheus.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Findings_say_where_they_are_and_a_prometheus_that_takes_in_nothing_any_more_is_not_a_vanished_metric()
    {
        var id = await _server.BeginAsync("shop", "post-upgrade");
        await PassAsync(_service.UpgradedAt.AddMinutes(12));
        var failed = await VerdictAsync(id);
        await PassAsync(_end.AddMinutes(12));
        var blind = await VerdictAsync(id);

        Assert.Equal("fail", failed.GetProperty("status").GetString());
        Assert.Equal("All of it is in route /checkout, status 503 (new), on both instances.", Where(failed, "error-ratio"));
        Assert.StartsWith("All of it is in route /a\"b\\c{}", Where(failed, "latency"), StringComparison.Ordinal);
        Assert.All(blind.GetProperty("findings").EnumerateArray(), finding => Assert.NotEqual("metric-vanished", finding.GetProperty("code").GetString()));
        var traffic = Finding(blind, "traffic");
        Assert.Equal(("inconclusive", "source"), (traffic.GetProperty("status").GetString(), traffic.GetProperty("code").GetString()));
        Assert.Contains("no sample of any target", traffic.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private Task PassAsync(DateTimeOffset until) => _server.PassAsync(until - _server.Time.GetUtcNow());

    private Task<JsonElement> VerdictAsync(string id) => _server.GetAsync($"/api/v1/upgrades/{id}/verdict");

    private static JsonElement Finding(JsonElement verdict, string sli) =>
        verdict.GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("sli").GetString() == sli);

    private static string? Where(JsonElement verdict, string sli) => Finding(verdict, sli).GetProperty("where").GetProperty("sentence").GetString();
}
