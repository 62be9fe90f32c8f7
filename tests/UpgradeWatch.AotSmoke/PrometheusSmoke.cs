using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.AotSmoke;

/// <summary>Asks a server that answers like Prometheus, with all that is registered around the client.</summary>
internal static class PrometheusSmoke
{
    private static readonly byte[] Answer =
        """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up"},"value":[1700000000,"1"]}]}}"""u8.ToArray();

    private static readonly TargetPlan Plan = new()
    {
        Target = "checkout",
        Source = "prometheus",
        Profile = "custom",
        Explanation = "",
        StepSeconds = 15,
        ScrapeIntervalSeconds = 15,
        DelaySeconds = 15,
        Signals = [],
        Slis = [],
    };

    public static async Task RunAsync()
    {
        var url = FreeAddress();
        using var server = new HttpListener();
        server.Prefixes.Add(url.ToString());
        server.Start();
        var served = ServeOneAsync(server);

        var services = new ServiceCollection().AddLogging().AddPrometheusSource(new EndpointOptions { Url = url });
        await using var provider = services.BuildServiceProvider();
        var names = await provider.GetRequiredService<IMetricSource>().MetricNamesAsync(Plan, CancellationToken.None);

        await served;
        Expect.True(names is ["up"], $"the metric is read: {string.Join(", ", names)}");
    }

    private static async Task ServeOneAsync(HttpListener server)
    {
        var context = await server.GetContextAsync();
        context.Response.ContentType = "application/json";
        await context.Response.OutputStream.WriteAsync(Answer);
        context.Response.Close();
    }

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }
}
