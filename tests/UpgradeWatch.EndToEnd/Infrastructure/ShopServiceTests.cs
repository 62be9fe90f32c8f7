using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;
using UpgradeWatch.TestKit.SampleService;

namespace UpgradeWatch.EndToEnd.Infrastructure;

public sealed class ShopServiceTests
{
    private const string Requests = "http_server_request_duration_seconds_count{job=\"sample\"}";

    [Fact]
    public async Task Prometheus_sees_the_load_of_the_service_and_its_restart_as_another_version()
    {
        await using var service = new ShopService(seed: 1);
        await service.StartAsync("1.0.0");
        await using var load = new LoadGenerator(service.Url, requestsPerSecond: 100, seed: 2);
        await using var prometheus = await PrometheusServer.StartNewAsync(
            new ScrapeJob("sample", service.Address) { Interval = TimeSpan.FromMilliseconds(200) });

        await prometheus.WaitForScrapesAsync("sample", 25);

        // The rate is the load's own, within what a few seconds of random arrivals on a busy machine allow.
        Assert.InRange((await prometheus.Query.ValueAsync($"sum(rate({Requests}[4s]))"))!.Value, 60, 140);
        Assert.Null(await prometheus.Query.ValueAsync("sum(http_server_request_duration_seconds_count{http_response_status_code=~\"5..\"})"));
        Assert.Equal(0, load.Failed);

        await service.UpgradeAsync("2.0.0", new Faults { ErrorRatio = 0.5 });
        await UntilAsync(async () => await prometheus.Query.ValueAsync("build_info{version=\"2.0.0\"}") == 1);
        await UntilAsync(async () => await prometheus.Query.ValueAsync(
            "sum(http_server_request_duration_seconds_count{http_response_status_code=\"500\"})") > 0);
        Assert.True(await prometheus.Query.ValueAsync($"sum(resets({Requests}[1m]))") > 0);
    }

    [Fact]
    public async Task The_exposition_has_the_names_that_ASP_NET_Core_gives()
    {
        await using var service = new ShopService(seed: 3);
        await service.StartAsync("1.0.0");
        using var client = new HttpClient { BaseAddress = service.Url };
        await client.GetStringAsync(new Uri("/products/7", UriKind.Relative));

        var exposition = await ReadAsync(client, text => text.Contains("_count{", StringComparison.Ordinal));

        const string labels = """http_request_method="GET",http_response_status_code="200",http_route="/products/{id}",network_protocol_version="1.1",url_scheme="http" """;
        Assert.Contains($"http_server_request_duration_seconds_count{{{labels.Trim()}}} 1\n", exposition, StringComparison.Ordinal);
        Assert.Contains($"http_server_request_duration_seconds_bucket{{{labels.Trim()},le=\"+Inf\"}} 1\n", exposition, StringComparison.Ordinal);
        Assert.Contains("process_start_time_seconds 1", exposition, StringComparison.Ordinal);
        Assert.Equal(15, exposition.Split('\n').Count(line => line.Contains("_bucket{", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_fault_changes_what_is_measured_or_how_it_is_called()
    {
        await using var service = new ShopService(seed: 4);
        await service.StartAsync("1.0.0");
        using var client = new HttpClient { BaseAddress = service.Url };

        service.Faults = new Faults { LatencyFactor = 10, ErrorRatio = 1, RenamedMetrics = true };
        using var answer = await client.GetAsync(new Uri("/products/7", UriKind.Relative));
        var exposition = await ReadAsync(client, text => text.Contains("_count{", StringComparison.Ordinal));

        Assert.Equal(500, (int)answer.StatusCode);
        Assert.Contains("\nweb_http_server_request_duration_seconds_count{http_request_method=\"GET\",http_response_status_code=\"500\"", exposition, StringComparison.Ordinal);
        Assert.DoesNotContain("\nhttp_server", exposition, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_service_refuses_connections_and_the_load_goes_on()
    {
        await using var service = new ShopService(seed: 5);
        await service.StartAsync();
        await using var load = new LoadGenerator(service.Url, requestsPerSecond: 200, seed: 6);
        await UntilAsync(() => Task.FromResult(load.Answered > 5));

        await service.StopAsync();
        await UntilAsync(() => Task.FromResult(load.Failed > 5));
        await service.StartAsync();

        var answered = load.Answered;
        await UntilAsync(() => Task.FromResult(load.Answered > answered + 5));
    }

    // A request is counted just after its answer has been sent.
    private static async Task<string> ReadAsync(HttpClient client, Func<string, bool> isComplete)
    {
        var text = "";
        await UntilAsync(async () => isComplete(text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative))));
        return text;
    }

    private static Task UntilAsync(Func<Task<bool>> isSo) =>
        Readiness.UntilAsync(isSo, () => null, () => "It did not happen.", CancellationToken.None);
}
