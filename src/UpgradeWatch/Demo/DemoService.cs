using System.Net;
using Prometheus;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.Demo;

/// <summary>
/// A small real HTTP service to be upgraded: answers <c>/checkout</c> after a while, and exposes what ASP.NET Core
/// services expose on <c>/metrics</c>. Stopping it and starting the next one on the same port is its upgrade.
/// </summary>
internal sealed class DemoService : IAsyncDisposable
{
    private const double MedianSeconds = 0.04;
    private const double Spread = 0.4;
    private const double UsualErrors = 0.002;

    // The bounds that ASP.NET Core's own meter proposes.
    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly WebApplication _app;
    private readonly Histogram _durations;
    private readonly DemoFault _fault;
    private readonly TimeProvider _time;

    private DemoService(WebApplication app, CollectorRegistry registry, DemoRelease release, TimeProvider time)
    {
        (_app, _fault, _time) = (app, release.Fault, time);
        var metrics = Metrics.WithCustomRegistry(registry);
        var name = _fault == DemoFault.MetricsVanish ? "shop_http_server_request_seconds" : "http_server_request_duration_seconds";
        _durations = metrics.CreateHistogram(
            name,
            "Duration of HTTP server requests.",
            ["http_request_method", "http_route", "http_response_status_code"],
            new HistogramConfiguration { Buckets = Bounds });
        metrics.CreateGauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
            .Set(time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        metrics.CreateGauge("shop_build_info", "The version that runs, always 1.", ["version"]).WithLabels(release.Version).Set(1);
    }

    /// <summary>Starts a version of the service and returns when it listens.</summary>
    /// <param name="address">Where it listens; port 0 takes a free one.</param>
    /// <param name="release">What is started.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DemoService> StartAsync(ListenAddress address, DemoRelease release, TimeProvider time, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(address.Listen);
        builder.Services.AddRouting();
        var registry = Metrics.NewCustomRegistry();
        var service = new DemoService(builder.Build(), registry, release, time);
        service._app.UseRouting();
        service._app.MapGet("/checkout", service.CheckOutAsync);
        service._app.MapGet("/metrics", (RequestDelegate)(async context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            await registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }));
        try
        {
            await service._app.StartAsync(cancellationToken).ConfigureAwait(false);
            return service;
        }
        catch
        {
            await service._app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Where this machine reaches it, ending with a slash.</summary>
    public Uri Url
    {
        get
        {
            // Every interface is no address to ask; loopback is one of them.
            var bound = new UriBuilder(_app.Urls.First());
            if (IPAddress.TryParse(bound.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
                bound.Host = ip.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]";
            return bound.Uri;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private async Task CheckOutAsync(HttpContext context)
    {
        var started = _time.GetTimestamp();
        var random = Random.Shared;
        await Task.Delay(TimeSpan.FromSeconds(MedianSeconds * Math.Exp(Spread * Normal(random)) * Slowness(random)), _time, context.RequestAborted).ConfigureAwait(false);
        var fails = random.NextDouble() < (_fault == DemoFault.Errors ? 0.05 : UsualErrors);
        context.Response.StatusCode = fails ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
        _durations.WithLabels("GET", "/checkout", fails ? "500" : "200").Observe(_time.GetElapsedTime(started).TotalSeconds);
    }

    private double Slowness(Random random) => _fault switch
    {
        DemoFault.Latency => 1.5,
        DemoFault.LatencyTail when random.NextDouble() < 0.03 => 10,
        _ => 1,
    };

    // Box and Muller, 1958.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
