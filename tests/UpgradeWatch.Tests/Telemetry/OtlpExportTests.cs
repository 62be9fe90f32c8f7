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
}
