using Microsoft.Extensions.Logging.Abstractions;
using UpgradeWatch.Configuration;
using UpgradeWatch.Connectors.Alertmanager;
using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.Connectors.Kubernetes.Workloads;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Connectors.Scrape;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.Cli.Live;

/// <summary>Asks everything that a configuration names, without writing anything.</summary>
internal sealed class LiveRun(UpgradeWatchOptions options, TimeProvider time)
{
    /// <summary>What everything gave.</summary>
    public async Task<LiveResult> RunAsync(CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(time).AddSingleton<SourceCounters>();
        services.AddPrometheus(options);
        if (options.Grafana is { } grafana) services.AddGrafanaSink(grafana, options.Annotations.DashboardUid);
        var members = options.Alertmanager?.All ?? [];
        services.AddAlertmanagers(members, client => client.GoThroughGrafana(options));
        await using var provider = services.BuildServiceProvider();

        var state = provider.GetService<GrafanaCheck>() is { } check ? await check.RunAsync(cancellationToken) : null;
        var alertmanagers = new List<LiveAlertmanager>();
        for (var i = 0; i < members.Count; i++)
        {
            var client = new AlertmanagerClient(provider.GetRequiredService<IHttpClientFactory>().CreateClient(AlertmanagerRegistration.ClientName(i)));
            var (version, problem) = await client.CheckAsync(cancellationToken);
            alertmanagers.Add(new LiveAlertmanager(client.Name, version, problem));
        }

        var targets = new List<LiveTarget>();
        foreach (var target in options.Targets)
        {
            targets.Add(target.ScrapeUrl is null
                ? new LiveTarget(target, await new LiveCheck(provider.GetRequiredService<PrometheusSource>()).RunAsync(target, cancellationToken))
                : await ScrapeAsync(target, provider.GetRequiredService<SourceCounters>(), cancellationToken));
        }

        return new LiveResult(state, alertmanagers, await ClusterAsync(cancellationToken), targets);
    }

    private async Task<LiveCluster?> ClusterAsync(CancellationToken cancellationToken)
    {
        if (options.Kubernetes is not { } kubernetes) return null;
        using var watcher = new ClusterWatcher(kubernetes, options.Targets, follower: null, time, NullLogger<ClusterWatcher>.Instance);
        var workloads = await watcher.CheckAsync(cancellationToken);
        return new LiveCluster(watcher.Problems, watcher.Notes, workloads);
    }

    /// <summary>One scrape tells what the target has; there is no history to look at.</summary>
    private async Task<LiveTarget> ScrapeAsync(TargetOptions target, SourceCounters counters, CancellationToken cancellationToken)
    {
        using var client = ScrapeSource.CreateClient();
        var source = new ScrapeSource(client, [target], store: null, counters, time, NullLogger<ScrapeSource>.Instance);
        var failure = await source.ScrapeOnceAsync(target.Name, time.GetUtcNow(), cancellationToken);
        if (failure is not null) return new LiveTarget(target, new LiveCheckReport { Failure = failure });
        var plan = await source.PlanAsync(target, cancellationToken);
        return new LiveTarget(target, new LiveCheckReport { Plan = plan.Value, Failure = plan.Failure });
    }
}
