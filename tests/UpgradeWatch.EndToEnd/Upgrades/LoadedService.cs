using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;
using UpgradeWatch.TestKit.SampleService;

namespace UpgradeWatch.EndToEnd.Upgrades;

/// <summary>A real service under real load, which can be upgraded.</summary>
internal sealed class LoadedService : IAsyncDisposable
{
    private readonly ShopService _service;
    private readonly LoadGenerator _load;

    private LoadedService(Upgrade upgrade, ShopService service, LoadGenerator load) => (Upgrade, _service, _load) = (upgrade, service, load);

    /// <summary>What will happen to it.</summary>
    public Upgrade Upgrade { get; }

    /// <summary>How Prometheus scrapes it.</summary>
    public ScrapeJob Job => new(Upgrade.Name, _service.Address) { Interval = TimeSpan.FromSeconds(1) };

    /// <summary>Where its metrics are.</summary>
    public Uri MetricsUrl => new(_service.Url, "/metrics");

    /// <summary>Its target in the configuration, read through Prometheus.</summary>
    public string AskedTarget => $"  - {{ name: {Upgrade.Name}, profile: aspnetcore, labels: {{ job: {Upgrade.Name} }} }}\n";

    /// <summary>Its target in the configuration, scraped directly.</summary>
    public string ScrapedTarget => $"  - {{ name: {Upgrade.Name}, profile: aspnetcore, scrape: {{ url: '{MetricsUrl}' }} }}\n";

    /// <summary>Requests answered so far.</summary>
    public long Answered => _load.Answered;

    public static async Task<LoadedService> StartAsync(Upgrade upgrade, int seed)
    {
        var service = new ShopService(seed) { Faults = upgrade.Before };
        await service.StartAsync("1.0.0");
        return new LoadedService(upgrade, service, new LoadGenerator(service.Url, upgrade.RequestsPerSecond, seed + 1));
    }

    /// <summary>Puts the new version in place.</summary>
    public async Task UpgradeAsync()
    {
        _load.RequestsPerSecond *= Upgrade.TrafficFactor;
        if (Upgrade.StaysDown) await _service.StopAsync();
        else if (Upgrade.Restarts) await _service.UpgradeAsync("2.0.0", Upgrade.After);
        else _service.Faults = Upgrade.After;
    }

    /// <summary>Waits until so many requests have been answered.</summary>
    public Task WaitForRequestsAsync(long requests) => Readiness.UntilAsync(
        () => Task.FromResult(Answered >= requests), () => null, () => $"Only {Answered} of {requests} requests were answered.", CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _load.DisposeAsync();
        await _service.DisposeAsync();
    }
}
