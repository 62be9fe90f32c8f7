using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.TestKit.SampleService;

/// <summary>
/// A real ASP.NET Core service to be upgraded: two routes that take a log-normal time around 20 ms, and <c>/metrics</c>.
/// It can be stopped and started again as another version on the same port, with its counters at 0, and be given faults
/// while it runs.
/// </summary>
public sealed class ShopService(int seed, TimeProvider? timeProvider = null) : IAsyncDisposable
{
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly Workload _workload = new(seed);
    private readonly int _port = FreePort.Next();
    private WebApplication? _server;
    private ServiceMeters? _meters;
    private volatile Faults _faults = Faults.None;

    /// <summary>Its address as Prometheus wants it, the same for every version.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <summary>Its address.</summary>
    public Uri Url => new($"http://{Address}");

    /// <summary>What is wrong with it, from the next request or scrape on.</summary>
    public Faults Faults
    {
        get => _faults;
        set => _faults = value;
    }

    /// <summary>Starts it; its counters begin at 0.</summary>
    public async Task StartAsync(string version = "1.0.0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url.ToString());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var server = builder.Build();
        var meters = new ServiceMeters(server.Services.GetRequiredService<IMeterFactory>(), version, _time);
        server.MapGet("/products/{id}", WorkAsync);
        server.MapPost("/orders", WorkAsync);
        server.MapGet("/metrics", () => Results.Text(meters.Expose(_faults), "text/plain; version=0.0.4")).DisableHttpMetrics();
        await server.StartAsync();
        (_server, _meters) = (server, meters);
    }

    /// <summary>Stops it: connections are refused until it starts again.</summary>
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
            _meters!.Dispose();
            _server = null;
        }
    }

    /// <summary>Stops it and starts it as another version, with other faults.</summary>
    public async Task UpgradeAsync(string version, Faults? faults = null)
    {
        await StopAsync();
        Faults = faults ?? Faults.None;
        await StartAsync(version);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<IResult> WorkAsync(CancellationToken requestAborted)
    {
        var faults = _faults;
        var (latency, isError) = _workload.Next(faults);
        await Task.Delay(latency, _time, requestAborted);
        return isError ? Results.StatusCode(StatusCodes.Status500InternalServerError) : Results.Text("done");
    }
}
