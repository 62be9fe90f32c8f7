using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using UpgradeWatch.EndToEnd.KillTests;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.EndToEnd.Pipelines;

/// <summary>
/// A pipeline's script and Flagger's webhooks against the executable with a real Prometheus behind it, which is killed
/// between the beginning and the verdict.
/// </summary>
public sealed class DeploymentTests : IAsyncLifetime
{
    private static readonly TimeSpan Scrape = TimeSpan.FromSeconds(0.5);
    private static readonly string Script = Path.Combine(Repository(), ".github/actions/upgradewatch/upgradewatch.sh");

    private readonly TempFolder _folder = new();
    private ScrapedShop _good = null!;
    private ScrapedShop _bad = null!;
    private PrometheusServer _prometheus = null!;
    private UpgradeWatchServer _server = null!;
    private string _token = "";

    public async Task InitializeAsync()
    {
        (_good, _bad) = (await ScrapedShop.StartAsync(), await ScrapedShop.StartAsync());
        _prometheus = new PrometheusServer(
            new ScrapeJob("good", _good.MetricsUrl.Authority) { Interval = Scrape }, new ScrapeJob("bad", _bad.MetricsUrl.Authority) { Interval = Scrape });
        await _prometheus.StartAsync();
        await _prometheus.WaitForScrapesAsync("bad", 24);
        var made = await UpgradeWatchExecutable.RunAsync("token", "new", "--role", "operate", "--name", "ci", "--output", "json");
        Assert.True(made.ExitCode == 0, made.Output);
        var token = JsonSerializer.Deserialize<JsonElement>(made.StandardOutput);
        _token = token.GetProperty("token").GetString()!;
        var tokens = _folder.Write("tokens", token.GetProperty("line").GetString() + "\n");
        _server = await UpgradeWatchServer.StartNewAsync($$"""
            auth: { tokenFile: '{{tokens}}' }
            prometheus: { url: '{{_prometheus.Url}}' }
            evaluation: { intervalSeconds: 0.25, stepSeconds: 0.5, delaySeconds: 0.5, baselineSeconds: 10, observationSeconds: 20, minimumSeconds: 10, warmupSeconds: 1, historySeconds: 3600 }
            targets:
              - { name: good, profile: aspnetcore, labels: { job: good } }
              - { name: bad, profile: aspnetcore, labels: { job: bad } }
            """);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _prometheus.DisposeAsync();
        await _good.DisposeAsync();
        await _bad.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_pipeline_goes_on_or_is_stopped_by_the_verdict_also_when_UpgradeWatch_is_killed()
    {
        foreach (var target in new[] { "good", "bad" }) Assert.Equal(0, (await RunAsync(target, "begin")).ExitCode);
        await _server.KillAsync();
        _bad.SetBad(true);

        var gates = Task.WhenAll(RunAsync("good", "gate"), RunAsync("bad", "gate"));
        await _server.StartAsync();
        var ended = await gates;

        Assert.True(ended[0].ExitCode == 0, ended[0].Output);
        Assert.True(ended[1].ExitCode == 1, ended[1].Output);
        Assert.Contains("error-ratio", ended[1].Output);
        Assert.Equal(0, (await RunAsync("bad", "rolled-back")).ExitCode);
        Assert.Equal("upgrading post-upgrade rolling-back rolled-back", await PhasesAsync("bad"));
    }

    [Fact]
    public async Task Flagger_holds_promotes_and_rolls_back()
    {
        foreach (var target in new[] { "good", "bad" })
        {
            Assert.Equal(409, await CallAsync("confirm-promotion", target));
            Assert.Equal(200, await CallAsync("confirm-rollout", target));
            Assert.Equal(409, await CallAsync("rollback", target));
        }

        await _server.KillAsync();
        _bad.SetBad(true);
        await _server.StartAsync();

        await Readiness.UntilAsync(async () => await CallAsync("confirm-promotion", "good") == 200, () => null, () => _server.Output, CancellationToken.None);
        await Readiness.UntilAsync(async () => await CallAsync("rollback", "bad") == 200, () => null, () => _server.Output, CancellationToken.None);

        Assert.Equal(409, await CallAsync("rollout", "bad"));
        Assert.Equal(409, await CallAsync("confirm-promotion", "bad"));
        Assert.Equal(200, await CallAsync("post-rollout", "bad", "Failed"));
        Assert.Equal(200, await CallAsync("post-rollout", "good", "Succeeded"));
        Assert.EndsWith("rolling-back rolled-back", await PhasesAsync("bad"));
        Assert.StartsWith("upgrading post-upgrade", await PhasesAsync("good"));
    }

    private Task<(int ExitCode, string StandardOutput, string Output)> RunAsync(string target, string step) => TestProcess.RunAsync(Script, [step], Path.GetTempPath(), new Dictionary<string, string?>
    {
        ["UPGRADEWATCH_URL"] = _server.Url.ToString(),
        ["UPGRADEWATCH_TOKEN"] = _token,
        ["UPGRADEWATCH_TARGET"] = target,
        ["UPGRADEWATCH_REVISION"] = "1.5.0",
        ["UPGRADEWATCH_INTERVAL"] = "1",
        ["UPGRADEWATCH_TIMEOUT"] = "45",
        ["NO_PROXY"] = "127.0.0.1",
        ["no_proxy"] = "127.0.0.1",
    });

    private async Task<int> CallAsync(string hook, string target, string phase = "Progressing")
    {
        using var client = new HttpClient { BaseAddress = _server.Url };
        using var body = new StringContent($$$"""{"name":"{{{target}}}","namespace":"shop","phase":"{{{phase}}}","checksum":"7c9fd8b6","metadata":{"target":"{{{target}}}","token":"{{{_token}}}"}}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync($"/api/v1/hooks/flagger/{hook}", body);
        return (int)answer.StatusCode;
    }

    private async Task<string> PhasesAsync(string target)
    {
        using var client = new HttpClient { BaseAddress = _server.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", _token);
        var list = await client.GetFromJsonAsync<JsonElement>($"/api/v1/upgrades?target={target}");
        var upgrade = Assert.Single(list.GetProperty("items").EnumerateArray());
        return string.Join(' ', upgrade.GetProperty("history").EnumerateArray().Select(entry => entry.GetProperty("phase").GetString()));
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
