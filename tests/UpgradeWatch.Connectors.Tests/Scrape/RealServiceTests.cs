using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using UpgradeWatch.Connectors.Scrape;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.SampleService;

namespace UpgradeWatch.Connectors.Tests.Scrape;

public sealed class RealServiceTests
{
    [Fact]
    public async Task A_real_service_is_recognised_and_its_requests_are_counted_across_its_upgrade()
    {
        await using var service = new ShopService(seed: 1);
        await service.StartAsync();
        var target = new TargetOptions { Name = "shop", ScrapeUrl = new Uri(service.Url, "/metrics"), Evaluation = new EvaluationOptions { StepSeconds = 0.5 } };
        using var client = ScrapeSource.CreateClient();
        var source = new ScrapeSource(client, [target], null, new SourceCounters(), TimeProvider.System, NullLogger<ScrapeSource>.Instance);
        var now = TimeProvider.System.GetUtcNow();

        await RequestAsync(service, 3);
        Assert.Null(await source.ScrapeOnceAsync("shop", now, default));
        await RequestAsync(service, 4);
        Assert.Null(await source.ScrapeOnceAsync("shop", now.AddSeconds(0.5), default));
        await service.StopAsync();
        Assert.Equal(SourceFailureKind.Unreachable, (await source.ScrapeOnceAsync("shop", now.AddSeconds(1), default))?.Kind);
        await service.StartAsync("2.0.0");
        await RequestAsync(service, 2);
        Assert.Null(await source.ScrapeOnceAsync("shop", now.AddSeconds(1.5), default));

        var plan = (await source.PlanAsync(target, default)).Value!;
        var first = plan.StepAt(now) + 1;
        var block = (await source.ReadAsync(plan, first, first + 3, default)).Value!;
        Assert.Equal([4, double.NaN, 2], block.Signals["requests"].All![1..].AsEnumerable());
        Assert.Equal([0, double.NaN, 0], block.Signals["requests"].Bad![1..].AsEnumerable());
        Assert.Equal([1, 1, 0, 1], block.Up.AsEnumerable());
        Assert.True(block.Started[3]);
    }

    // A service counts a request when it is over, which is a moment after its answer has come: only what it counts is there.
    private static async Task RequestAsync(ShopService service, int count)
    {
        using var client = new HttpClient();
        var wanted = await CountedAsync(client, service) + count;
        for (var request = 0; request < count; request++)
        {
            using var response = await client.GetAsync(new Uri(service.Url, "/products/1"));
            response.EnsureSuccessStatusCode();
        }

        await Readiness.UntilAsync(async () => await CountedAsync(client, service) == wanted, () => null, () => $"{wanted} requests are not counted", CancellationToken.None);
    }

    private static async Task<double> CountedAsync(HttpClient client, ShopService service) =>
        Regex.Matches(await client.GetStringAsync(new Uri(service.Url, "/metrics")), @"^http_server_request_duration_seconds_count\{.*products.*\} (\S+)$", RegexOptions.Multiline)
            .Sum(line => double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture));
}
