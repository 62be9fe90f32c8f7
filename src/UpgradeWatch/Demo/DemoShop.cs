using UpgradeWatch.Hosting;

namespace UpgradeWatch.Demo;

/// <summary>The demo's service alone, with its users, to be watched by an UpgradeWatch that runs elsewhere.</summary>
/// <param name="address">Where it listens.</param>
/// <param name="release">What runs.</param>
/// <param name="time">The clock.</param>
internal sealed class DemoShop(ListenAddress address, DemoRelease release, TimeProvider time)
{
    /// <summary>Runs it until it is stopped.</summary>
    /// <param name="say">Takes what there is to know, once it listens.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IOException">The address cannot be listened at.</exception>
    public async Task RunAsync(Action<string> say, CancellationToken cancellationToken)
    {
        await using var service = await DemoService.StartAsync(address, release, time, cancellationToken).ConfigureAwait(false);
        await using var load = new DemoLoad(new Uri(service.Url, "checkout"), release.RequestsPerSecond, time);
        say($"shop {release.Version} answers {release.RequestsPerSecond:0} requests a second at {new Uri(service.Url, "checkout")} and shows its metrics at {new Uri(service.Url, "metrics")}, until it is stopped");
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
