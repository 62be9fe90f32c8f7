using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.Connectors.Tests.Prometheus;

public sealed class RegistrationTests
{
    [Fact]
    public async Task A_registered_source_speaks_to_a_scraping_Prometheus_and_plans_from_seconds_of_history()
    {
        await using var server = new PrometheusServer();
        await server.StartAsync();
        await server.ReconfigureAsync(new ScrapeJob("prometheus", server.Url.Authority) { Interval = TimeSpan.FromMilliseconds(500) });
        await server.WaitForScrapesAsync("prometheus", 5);
        await using var services = new ServiceCollection()
            .AddPrometheusSource(new EndpointOptions { Url = server.Url })
            .BuildServiceProvider();
        var source = services.GetRequiredService<IMetricSource>();
        Assert.Same(source, services.GetRequiredService<PrometheusSource>());

        var reply = await source.PlanAsync(new()
        {
            Name = "prometheus",
            Profile = "custom",
            Labels = new Dictionary<string, string> { ["job"] = "prometheus" },
            Slis = [new() { Name = "requests", Kind = Engine.Options.SliKind.Ratio, Total = "prometheus_http_requests_total", Errors = "prometheus_http_requests_total{code=~\"5..\"}" }],
            Evaluation = new() { StepSeconds = 1 },
        }, default);

        Assert.Null(reply.Failure);
        var plan = reply.Value!;
        Assert.Equal((0.5, 1.0), (plan.ScrapeIntervalSeconds, plan.StepSeconds));
        Assert.True(plan is { HasUp: true, HasProcessStart: true });
        var newest = plan.StepAt(TimeProvider.System.GetUtcNow());
        var block = (await source.ReadAsync(plan, newest - 20, newest, default)).Value!;
        Assert.Contains(block.Signals["requests"].All!, count => count > 0);
        Assert.Contains(1, block.Up);
    }
}
