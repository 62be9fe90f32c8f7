using System.Net.Http.Headers;
using System.Text.Json;
using UpgradeWatch.EndToEnd.Upgrades;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.EndToEnd.Outages;

/// <summary>
/// Two upgrades that look good are being watched when Prometheus is killed. While it is gone one of them turns bad.
/// Then Prometheus comes back.
/// </summary>
internal sealed class OutageRun : IAsyncDisposable
{
    private const int BaselineSeconds = 60;

    // An outage of a fifth of it still leaves enough to say pass.
    private const int ObservationSeconds = 180;

    // Far more than what is waited for takes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly LoadedService _good;
    private readonly LoadedService _bad;
    private readonly PrometheusServer _prometheus;
    private readonly UpgradeWatchServer _server;
    private readonly CommandLine _command;
    private readonly HttpClient _client;

    private OutageRun(LoadedService good, LoadedService bad)
    {
        (_good, _bad) = (good, bad);
        _prometheus = new PrometheusServer(good.Job, bad.Job);
        _server = new UpgradeWatchServer($$"""
            prometheus: { url: '{{_prometheus.Url}}' }
            evaluation: { stepSeconds: 1, intervalSeconds: 5, baselineSeconds: {{BaselineSeconds}}, observationSeconds: {{ObservationSeconds}}, minimumSeconds: 20 }
            targets:
            {{good.AskedTarget}}{{bad.AskedTarget}}
            """);
        _command = new CommandLine(_server);
        _client = new HttpClient { BaseAddress = _server.Url };
    }

    /// <summary>Runs all of it.</summary>
    public static async Task<OutageResults> RunAsync()
    {
        var good = await LoadedService.StartAsync(Upgrade.Good(1)[0], seed: 2000);
        var bad = await LoadedService.StartAsync(Upgrade.Bad.Single(upgrade => upgrade.Name == "errors"), seed: 2010);
        await using var run = new OutageRun(good, bad);
        return await run.WatchAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _prometheus.DisposeAsync();
        await _good.DisposeAsync();
        await _bad.DisposeAsync();
    }

    private async Task<OutageResults> WatchAsync()
    {
        await _prometheus.StartAsync();
        await _server.StartAsync();
        LoadedService[] both = [_good, _bad];
        foreach (var service in both) await _prometheus.WaitForHistoryAsync(service.Upgrade.Name, BaselineSeconds);
        foreach (var service in both)
        {
            await _command.BeginAsync(service.Upgrade.Name, "upgrading");
            await _command.AdvanceAsync(service.Upgrade.Name, "post-upgrade");
        }

        await BothAsync(both, "pass");
        await _prometheus.KillAsync();
        var answered = _good.Answered;
        await _bad.UpgradeAsync();
        var during = await BothAsync(both, "inconclusive");

        // So long that metrics would count as vanished, had Prometheus been there to miss them.
        await _good.WaitForRequestsAsync(answered + (long)(_good.Upgrade.RequestsPerSecond * 22));
        await _prometheus.RestartAsync();
        var verdicts = await Task.WhenAll(_command.WaitAsync(_good.Upgrade.Name), _command.WaitAsync(_bad.Upgrade.Name));
        return new OutageResults(during, verdicts[0], verdicts[1]);
    }

    private async Task<IReadOnlyDictionary<string, JsonElement>> BothAsync(LoadedService[] both, string status)
    {
        var verdicts = await Task.WhenAll(both.Select(service => UntilAsync(service.Upgrade.Name, status)));
        return both.Zip(verdicts).ToDictionary(pair => pair.First.Upgrade.Name, pair => pair.Second);
    }

    // Asks as a poller does: the server answers when the verdict has changed.
    private async Task<JsonElement> UntilAsync(string target, string status)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        EntityTagHeaderValue? tag = null;
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/targets/{target}/verdict?wait=30");
            if (tag is not null) request.Headers.IfNoneMatch.Add(tag);
            using var response = await _client.SendAsync(request, patience.Token);
            tag = response.Headers.ETag;
            var body = await response.Content.ReadAsStringAsync(patience.Token);
            if (body.Length > 0 && JsonElement.Parse(body) is var verdict && verdict.GetProperty("status").GetString() == status) return verdict;
        }
    }
}
