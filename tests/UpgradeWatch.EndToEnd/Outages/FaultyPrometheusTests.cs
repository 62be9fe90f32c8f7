using System.Net.Http.Json;
using System.Text.Json;
using UpgradeWatch.EndToEnd.KillTests;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;
using Xunit.Abstractions;

namespace UpgradeWatch.EndToEnd.Outages;

/// <summary>Whatever a Prometheus does wrong, the verdict is inconclusive for as long and says why, and a good upgrade passes afterwards.</summary>
public sealed class FaultyPrometheusTests(ITestOutputHelper output)
{
    // What hangs takes half a minute to be found out.
    private static readonly string[] Quick = ["sends half", "sends garbage", "asks for less"];

    private static bool IsFull => Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1";

    [Fact]
    public async Task While_it_does_it_nothing_passes_and_afterwards_the_verdict_is_as_if_nothing_had_been()
    {
        await using var shop = await ScrapedShop.StartAsync();
        await using var prometheus = await PrometheusServer.StartNewAsync(new ScrapeJob("shop", shop.MetricsUrl.Authority) { Interval = TimeSpan.FromSeconds(0.25) });
        await using var proxy = await FaultyProxy.StartAsync(prometheus.Url);
        await prometheus.WaitForScrapesAsync("shop", 48);
        await using var server = await UpgradeWatchServer.StartNewAsync($$"""
            prometheus: { url: '{{proxy.Url}}' }
            evaluation: { intervalSeconds: 0.25, stepSeconds: 0.25, delaySeconds: 0.5, baselineSeconds: 10, observationSeconds: 3000, minimumSeconds: 3, warmupSeconds: 1, historySeconds: 3600 }
            targets:
              - { name: shop, profile: aspnetcore, labels: { job: shop } }
            """);
        using var client = new HttpClient { BaseAddress = server.Url };
        using var begun = await client.PostAsync(
            new Uri("/api/v1/upgrades", UriKind.Relative), new StringContent("""{"target":"shop","toVersion":"2","phase":"post-upgrade"}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync());
        await UntilAsync("pass");

        foreach (var (name, fault) in FaultyProxy.Faults.Where(fault => IsFull || Quick.Contains(fault.Key)))
        {
            proxy.Fault = fault;
            var blind = await UntilAsync("inconclusive");
            output.WriteLine($"{name}: {blind.GetProperty("summary").GetString()}");
            Assert.True(blind.GetProperty("code").GetString() is "source" or "stale", blind.ToString());
            for (var look = 0; look < 8; look++)
            {
                var seen = await NextLookAsync(blind.GetProperty("evaluatedAt").GetDateTimeOffset());
                Assert.Equal((name, "inconclusive"), (name, seen.GetProperty("status").GetString()));
                blind = seen;
            }

            proxy.Fault = null;
            await UntilAsync("pass");
        }

        async Task<JsonElement> UntilAsync(string status)
        {
            JsonElement verdict = default;
            for (var minute = 1; ; minute++)
            {
                try
                {
                    await Readiness.UntilAsync(
                        async () => (verdict = await VerdictAsync()).GetProperty("status").GetString() == status, () => null, () => $"{verdict}\n{server.Output}", CancellationToken.None);
                    return verdict;
                }
                catch (TimeoutException) when (minute < 3)
                {
                    // A request to what hangs is given up after 75 s.
                }
            }
        }

        // The next one of another look, or a stale one.
        async Task<JsonElement> NextLookAsync(DateTimeOffset after)
        {
            JsonElement verdict = default;
            await Readiness.UntilAsync(
                async () => (verdict = await VerdictAsync()).GetProperty("evaluatedAt").GetDateTimeOffset() > after || verdict.GetProperty("code").GetString() == "stale",
                () => null,
                () => $"{verdict}\n{server.Output}",
                CancellationToken.None);
            return verdict;
        }

        Task<JsonElement> VerdictAsync() => client.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/targets/shop/verdict", UriKind.Relative));
    }
}
