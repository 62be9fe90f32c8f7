using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Watches;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.TestKit.Simulation;

/// <summary>The real host, which looks when it is told to and can be started again on the same store.</summary>
internal sealed class SimulatedServer(UpgradeWatchOptions options, ServeSettings settings, Action<IServiceCollection> configure) : IAsyncDisposable
{
    private ServeHost? _host;

    public HttpClient Client { get; private set; } = new();

    public HttpClient Metrics { get; private set; } = new();

    /// <summary>What the host is made of; another one after a restart.</summary>
    public IServiceProvider Services => _host!.Services;

    public async Task StartAsync()
    {
        _host = ServeHost.Build(options, settings, configure);
        await _host.StartAsync(CancellationToken.None).ConfigureAwait(false);
        Client = new HttpClient { BaseAddress = _host.ApiUrls[0] };
        Metrics = new HttpClient { BaseAddress = _host.MetricsUrls[0] };
    }

    public async Task RestartAsync()
    {
        await DisposeAsync().ConfigureAwait(false);
        await StartAsync().ConfigureAwait(false);
    }

    /// <summary>Looks once, and reads what history is due.</summary>
    public async Task LookAsync()
    {
        await _host!.Services.GetRequiredService<Evaluator>().TickAsync(CancellationToken.None).ConfigureAwait(false);
        await _host.Services.GetRequiredService<HistoryReader>().RunOnceAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Metrics.Dispose();
        if (_host is null) return;
        await _host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _host.DisposeAsync().ConfigureAwait(false);
    }
}
