using System.Globalization;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.EndToEnd.Upgrades;

/// <summary>
/// Good and bad upgrades of real services under real load, all side by side, each watched twice: by an UpgradeWatch
/// that asks the Prometheus that scrapes the services, and by one that scrapes them itself. A scrape and a step take a
/// second, and there are two and a half minutes of history.
/// </summary>
internal sealed class UpgradeRun : IAsyncDisposable
{
    /// <summary>Seconds of history.</summary>
    public const int BaselineSeconds = 150;

    private const int Seed = 1000;

    /// <summary>Whether it runs at its full size.</summary>
    public static readonly bool IsFull = Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1";

    private readonly IReadOnlyList<LoadedService> _services;
    private readonly PrometheusServer _prometheus;
    private readonly Dictionary<Source, UpgradeWatchServer> _servers;
    private readonly Dictionary<Source, CommandLine> _commands;

    private UpgradeRun(IReadOnlyList<LoadedService> services)
    {
        _services = services;
        _prometheus = new PrometheusServer([.. services.Select(service => service.Job)]);
        _servers = new()
        {
            [Source.Prometheus] = new($"prometheus: {{ url: '{_prometheus.Url}' }}\n{Settings}targets:\n{string.Concat(services.Select(service => service.AskedTarget))}"),
            [Source.Scrape] = new($"{Settings}targets:\n{string.Concat(services.Select(service => service.ScrapedTarget))}"),
        };
        _commands = _servers.ToDictionary(server => server.Key, server => new CommandLine(server.Value));
    }

    /// <summary>The good upgrades that run.</summary>
    public static IReadOnlyList<Upgrade> Good { get; } = Upgrade.Good(IsFull ? 20 : 9);

    /// <summary>Seconds that each upgrade is watched: as many as an hour has steps of 15 s, or fewer.</summary>
    public static int ObservationSeconds => IsFull ? 240 : 60;

    // Looking every 5 s asks Prometheus a fifth of what every second would: on a small machine its processor time comes
    // out of the services, whose latencies are being judged.
    private static string Settings => string.Create(
        CultureInfo.InvariantCulture,
        $"evaluation: {{ stepSeconds: 1, intervalSeconds: 5, baselineSeconds: {BaselineSeconds}, observationSeconds: {ObservationSeconds}, minimumSeconds: 30 }}\n");

    /// <summary>Runs all of it.</summary>
    public static async Task<UpgradeResults> RunAsync()
    {
        var services = new List<LoadedService>();
        foreach (var upgrade in (IEnumerable<Upgrade>)[.. Upgrade.Bad, .. Good])
        {
            services.Add(await LoadedService.StartAsync(upgrade, Seed + (10 * services.Count)));
        }

        await using var run = new UpgradeRun(services);
        return await run.WatchAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values) await server.DisposeAsync();
        await _prometheus.DisposeAsync();
        await Task.WhenAll(_services.Select(service => service.DisposeAsync().AsTask()));
    }

    private async Task<UpgradeResults> WatchAsync()
    {
        await _servers[Source.Scrape].StartAsync();
        await _prometheus.StartAsync();
        await _servers[Source.Prometheus].StartAsync();
        foreach (var service in _services) await OnBothAsync(command => command.BeginAsync(service.Upgrade.Name));
        foreach (var service in _services) await _prometheus.WaitForHistoryAsync(service.Upgrade.Name, BaselineSeconds);
        foreach (var service in _services) await UpgradeAsync(service);

        var asked = _servers[Source.Prometheus];
        var before = await SampleCounts.ReadAsync(asked);
        var verdicts = await Task.WhenAll(_commands.Select(command => WaitAsync(command.Key, command.Value)));
        var after = await SampleCounts.ReadAsync(asked);
        return new UpgradeResults(
            verdicts.SelectMany(of => of.First).ToDictionary(), verdicts.SelectMany(of => of.Last).ToDictionary(), after - before, after);
    }

    private async Task UpgradeAsync(LoadedService service)
    {
        await OnBothAsync(command => command.AdvanceAsync(service.Upgrade.Name, "upgrading"));
        await service.UpgradeAsync();
        await OnBothAsync(command => command.AdvanceAsync(service.Upgrade.Name, "post-upgrade"));
    }

    // One wait after the other, those for the upgrades that fail first: to start a command takes processor time from the
    // services, and when all windows are closed nobody minds.
    private async Task<(Dictionary<(Source, string), SeenVerdict> First, Dictionary<(Source, string), SeenVerdict> Last)> WaitAsync(Source source, CommandLine command)
    {
        Dictionary<(Source, string), SeenVerdict> first = [], last = [];
        foreach (var target in _services.Select(service => service.Upgrade.Name)) first[(source, target)] = await command.WaitAsync(target);
        foreach (var (key, verdict) in first) last[key] = verdict.IsFinal ? verdict : await command.WaitAsync(key.Item2, toTheEnd: true);
        return (first, last);
    }

    private Task OnBothAsync(Func<CommandLine, Task> command) => Task.WhenAll(_commands.Values.Select(command));
}
