using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using UpgradeWatch.EndToEnd.KillTests;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;
using Xunit.Abstractions;

namespace UpgradeWatch.EndToEnd.Signals;

/// <summary>
/// A process that is held (SIGSTOP) and let go on again (SIGCONT). With four looks a second, seconds are what ten minutes are
/// to one that looks every quarter of a minute; only a verdict is stale after a minute at the earliest, so that the full size
/// holds it for longer than that.
/// </summary>
public sealed class HeldTests(ITestOutputHelper output)
{
    private const int ScrapesASecond = 4;

    private static int HeldSeconds => Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1" ? 70 : 6;

    [Fact]
    public async Task A_version_that_turns_bad_while_it_is_held_is_never_passed_blindly_and_fails_once_it_has_caught_up()
    {
        await using var shop = await ScrapedShop.StartAsync();
        await using var prometheus = await PrometheusServer.StartNewAsync(
            new ScrapeJob("shop", shop.MetricsUrl.Authority) { Interval = TimeSpan.FromSeconds(1.0 / ScrapesASecond) });
        await prometheus.WaitForScrapesAsync("shop", 12 * ScrapesASecond);
        await using var server = await UpgradeWatchServer.StartNewAsync($$"""
            prometheus: { url: '{{prometheus.Url}}' }
            evaluation: { intervalSeconds: 0.25, stepSeconds: 0.25, delaySeconds: 0.5, baselineSeconds: 10, observationSeconds: 600, minimumSeconds: 3, warmupSeconds: 1, historySeconds: 3600 }
            targets:
              - { name: shop, profile: aspnetcore, labels: { job: shop } }
            """);
        using var client = new HttpClient { BaseAddress = server.Url };
        using var begun = await client.PostAsync(
            new Uri("/api/v1/upgrades", UriKind.Relative), new StringContent("""{"target":"shop","toVersion":"2","phase":"post-upgrade"}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync());
        await UntilAsync(client, server, verdict => Text(verdict, "status") == "pass");

        server.Suspend();
        var heldAt = TimeProvider.System.GetUtcNow();
        shop.SetBad(true);
        var firstAnswer = VerdictAsync(client);
        var scrapes = await ScrapesAsync(prometheus);
        for (var seconds = 1; seconds <= HeldSeconds; seconds++) await prometheus.WaitForScrapesAsync("shop", scrapes + (seconds * ScrapesASecond));
        var until = TimeProvider.System.GetUtcNow();
        server.Resume();
        var first = await firstAnswer;
        var last = await UntilAsync(client, server, verdict => Text(verdict, "status") == "fail");

        output.WriteLine($"held for {(until - heldAt).TotalSeconds:0.0} s; first it said {first}");
        var isFresh = until - first.GetProperty("evaluatedAt").GetDateTimeOffset() <= TimeSpan.FromSeconds(60);
        Assert.True(Text(first, "status") != "pass" || isFresh, first.ToString());
        Assert.Equal("error-ratio", last.GetProperty("findings")[0].GetProperty("sli").GetString());
        Assert.True(last.GetProperty("observedUntil").GetDateTimeOffset() >= until.AddSeconds(-2), last.ToString());
        var series = await client.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/upgrades/{Text(last, "upgradeId")}/findings/error-ratio/series", UriKind.Relative));
        var missed = series.GetProperty("observed").EnumerateArray()
            .Where(point => point.GetProperty("at").GetDateTimeOffset() > heldAt && point.GetProperty("at").GetDateTimeOffset() < until.AddSeconds(-1)).ToList();
        Assert.True(missed.Count >= (HeldSeconds - 2) * ScrapesASecond, string.Create(CultureInfo.InvariantCulture, $"{missed.Count} steps"));
        Assert.True(missed.Count(point => point.GetProperty("value").ValueKind == JsonValueKind.Number) > missed.Count * 0.8);
    }

    private static async Task<int> ScrapesAsync(PrometheusServer prometheus) =>
        (int)(await prometheus.Query.ValueAsync("sum_over_time(up{job=\"shop\"}[1h])", CancellationToken.None) ?? 0);

    private static Task<JsonElement> VerdictAsync(HttpClient client) => client.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/targets/shop/verdict", UriKind.Relative));

    private static async Task<JsonElement> UntilAsync(HttpClient client, UpgradeWatchServer server, Func<JsonElement, bool> isSo)
    {
        JsonElement verdict = default;
        await Readiness.UntilAsync(async () => isSo(verdict = await VerdictAsync(client)), () => null, () => $"{verdict}\n{server.Output}", CancellationToken.None);
        return verdict;
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
