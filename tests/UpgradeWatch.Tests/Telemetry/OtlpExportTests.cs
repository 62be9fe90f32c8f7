using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.TestKit.Telemetry;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Telemetry;

public sealed class OtlpExportTests
{
    [Fact]
    public async Task A_trace_a_log_and_a_metric_arrive_with_who_they_are_from()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var configuration = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address.ToString(),
            ["OTEL_RESOURCE_ATTRIBUTES"] = "team.name=platform",
        };
        var server = await RunningServer.StartAsync(environment: configuration, logLevel: Microsoft.Extensions.Logging.LogLevel.Information);
        await server.BeginAsync();
        using var ignored = await server.Api.GetAsync("/api/v1/status");

        // Stopping sends what has gathered, so nobody waits for the clock.
        await server.DisposeAsync();

        var trace = await receiver.FirstAsync("/v1/traces");
        var log = await receiver.FirstAsync("/v1/logs");
        var metric = await receiver.FirstAsync("/v1/metrics");
        Assert.Contains("/api/v1/", trace);
        Assert.Contains("upgrade begun target=checkout", log);
        Assert.Contains("http.server.request.duration", metric);
        Assert.DoesNotContain("upgradewatch_verdict", metric);
        foreach (var message in new[] { trace, log, metric })
        {
            Assert.Contains("service.name", message);
            Assert.Contains("upgradewatch", message);
            Assert.Contains("service.version", message);
            Assert.Contains("service.instance.id", message);
            Assert.Contains("deployment.environment.name", message);
            Assert.Contains("platform", message);
        }
    }

    [Fact]
    public async Task With_an_address_for_logs_alone_they_go_there_as_it_is_written_and_nothing_else_is_sent()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var configuration = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = new Uri(receiver.Address, "/otlp/v1/logs").ToString() };
        var server = await RunningServer.StartAsync(environment: configuration, logLevel: Microsoft.Extensions.Logging.LogLevel.Information);
        await server.BeginAsync();

        await server.DisposeAsync();

        Assert.Contains("upgrade begun target=checkout", await receiver.FirstAsync("/otlp/v1/logs"));
        Assert.Equal(["/otlp/v1/logs"], receiver.Paths);
    }

    [Fact]
    public async Task An_address_of_its_own_goes_before_the_common_one()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var configuration = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = new Uri(receiver.Address, "/elsewhere").ToString(),
        };
        var server = await RunningServer.StartAsync(environment: configuration, logLevel: Microsoft.Extensions.Logging.LogLevel.Information);
        await server.BeginAsync();
        using var ignored = await server.Api.GetAsync("/api/v1/status");

        await server.DisposeAsync();

        Assert.Contains("upgrade begun target=checkout", await receiver.FirstAsync("/elsewhere"));
        Assert.Equal(["/elsewhere", "/v1/metrics", "/v1/traces"], receiver.Paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_an_address_nothing_is_sent_and_none_that_is_no_address_stops_the_start()
    {
        var configuration = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = "not an address" };
        await using var server = await RunningServer.StartAsync(environment: configuration);

        Assert.Null(server.Services.GetService<OpenTelemetry.Logs.LoggerProvider>());
        Assert.Null(server.Services.GetService<OpenTelemetry.Trace.TracerProvider>());
        Assert.Null(server.Services.GetService<OpenTelemetry.Metrics.MeterProvider>());
    }
}
