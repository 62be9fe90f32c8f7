using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>A target that only exposes metrics: 200 requests a second as the clock goes, so that it costs the machine nothing.</summary>
internal sealed class ScrapedShop : IAsyncDisposable
{
    private const double RequestsPerSecond = 200;
    private const double ErrorRatio = 0.3;

    private readonly WebApplication _application;
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();
    private readonly Lock _gate = new();
    private double _badSeconds;
    private DateTimeOffset? _badSince;

    private ScrapedShop(WebApplication application) => _application = application;

    /// <summary>Where its metrics are.</summary>
    public Uri MetricsUrl => new(new Uri(_application.Urls.First()), "/metrics");

    public static async Task<ScrapedShop> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var shop = new ScrapedShop(application);
        application.MapGet("/metrics", () => Results.Text(shop.Expose(), "text/plain; version=0.0.4"));
        await application.StartAsync();
        return shop;
    }

    /// <summary>From now on three in ten requests fail, or none.</summary>
    public void SetBad(bool isBad)
    {
        lock (_gate)
        {
            var now = TimeProvider.System.GetUtcNow();
            if (_badSince is { } since) _badSeconds += (now - since).TotalSeconds;
            _badSince = isBad ? now : null;
        }
    }

    /// <summary>It goes down and does not come back.</summary>
    public Task StopAsync() => _application.StopAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private string Expose()
    {
        double seconds, bad;
        lock (_gate)
        {
            var now = TimeProvider.System.GetUtcNow();
            seconds = (now - _startedAt).TotalSeconds;
            bad = _badSeconds + (_badSince is { } since ? (now - since).TotalSeconds : 0);
        }

        var failed = Math.Floor(bad * RequestsPerSecond * ErrorRatio);
        var text = new StringBuilder("# TYPE http_server_request_duration_seconds histogram\n");
        Write(text, 200, Math.Floor(seconds * RequestsPerSecond) - failed);
        if (failed > 0) Write(text, 500, failed);
        text.Append(CultureInfo.InvariantCulture, $"# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds {_startedAt.ToUnixTimeMilliseconds() / 1000.0:0.000}\n");
        return text.ToString();
    }

    private static void Write(StringBuilder text, int status, double count)
    {
        const string Name = "http_server_request_duration_seconds";
        var labels = $"http_request_method=\"GET\",http_response_status_code=\"{status}\",http_route=\"/\"";
        foreach (var (bound, share) in ((string, double)[])[("0.025", 0.5), ("0.05", 0.9), ("0.1", 0.99), ("+Inf", 1)])
        {
            text.Append(CultureInfo.InvariantCulture, $"{Name}_bucket{{{labels},le=\"{bound}\"}} {Math.Floor(count * share)}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{Name}_sum{{{labels}}} {count * 0.03}\n{Name}_count{{{labels}}} {count}\n");
    }
}
