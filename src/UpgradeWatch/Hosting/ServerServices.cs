using Microsoft.Extensions.DependencyInjection.Extensions;
using UpgradeWatch.Configuration;
using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Connectors.Scrape;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Watches;
using UpgradeWatch.Http;
using UpgradeWatch.Security;
using UpgradeWatch.Telemetry;
using UpgradeWatch.Workers;

namespace UpgradeWatch.Hosting;

/// <summary>What the server consists of.</summary>
internal static class ServerServices
{
    // Closing what was waited for in vain takes a moment too, and after 10 s it is to be over.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(8);

    /// <summary>Registers all of it.</summary>
    public static void AddServer(this IServiceCollection services, UpgradeWatchOptions options, ServeSettings settings)
    {
        services.AddSingleton(TimeProvider.System);
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, HostedLifetime>());
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        services.AddSingleton(options);
        services.AddEngine(options with { Instance = WithLinks(options, settings) });
        services.AddApi();
        services.AddAccess(options.Auth);
        services.AddSingleton<MetricsRegistry>();
        services.AddSingleton<LeaseWorker>();
        services.AddSingleton<StartService>();
        services.AddHostedService(provider => provider.GetRequiredService<StartService>());
        if (settings.RunWorkers) services.AddWorkers(options);
    }

    // What is not configured is where UpgradeWatch itself finds it.
    private static InstanceOptions WithLinks(UpgradeWatchOptions options, ServeSettings settings) => options.Instance with
    {
        Url = options.Instance.Url ?? (Uri.TryCreate(settings.Urls[0], UriKind.Absolute, out var own) ? own : null),
        GrafanaUrl = options.Instance.GrafanaUrl ?? options.Grafana?.Url,
    };

    private static void AddEngine(this IServiceCollection services, UpgradeWatchOptions options)
    {
        services.AddSingleton(options.Instance);
        services.AddSingleton(new EngineOptions
        {
            Targets = options.Targets,
            Checklist = options.Checklist,
            Instance = options.Instance,
            IntervalSeconds = options.Evaluation.IntervalSeconds,
            AnnotationSinks = options.Grafana is null || options.Annotations.Kinds == AnnotationKinds.None ? [] : [GrafanaSink.SinkName],
            AnnotatesPhasesAlone = options.Annotations.Kinds == AnnotationKinds.Phases,
        });
        services.AddSingleton<IUpgradeStore>(provider => Opening.Store(options.Storage, provider));
        services.AddSingleton<SourceCounters>();
        services.AddSources(options);
        services.AddSinks(options);
        services.AddAlerting(options);
        services.AddDetection(options);
        services.AddSingleton<IReadOnlyList<IMetricSource>>(provider => [.. provider.GetServices<IMetricSource>()]);
        services.AddSingleton<UpgradeService>();
        services.AddSingleton<Evaluator>();
        services.AddSingleton<HistoryReader>();
        services.AddSingleton(provider => new SourceNames([.. provider.GetRequiredService<IReadOnlyList<IMetricSource>>().Select(s => s.Name)]));
    }

    private static void AddSources(this IServiceCollection services, UpgradeWatchOptions options)
    {
        services.AddPrometheus(options);
        if (!options.Targets.Any(t => t.ScrapeUrl is not null)) return;
        services.AddSingleton(provider => new ScrapeSource(
            ScrapeSource.CreateClient(),
            options.Targets,
            provider.GetRequiredService<IUpgradeStore>(),
            provider.GetRequiredService<SourceCounters>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ScrapeSource>>()));
        services.AddSingleton<IMetricSource>(provider => provider.GetRequiredService<ScrapeSource>());
    }

    /// <summary>Registers Prometheus as a source, where there is one, directly or through Grafana.</summary>
    public static void AddPrometheus(this IServiceCollection services, UpgradeWatchOptions options)
    {
        if (options.Prometheus is not { } prometheus) return;
        services.AddPrometheusSource(prometheus);
        if (options.GrafanaDatasource is { } source)
            services.AddHttpClient(PrometheusRegistration.ClientName).AddHttpMessageHandler(() => new DataSourceHandler(prometheus.Url, source, DataSourceKind.Prometheus));
    }

    private static void AddSinks(this IServiceCollection services, UpgradeWatchOptions options)
    {
        if (options.Grafana is { } grafana)
        {
            services.AddGrafanaSink(grafana, options.Annotations.DashboardUid).AddSingleton<GrafanaHealth>();
            services.AddHttpClient(GrafanaSink.SinkName).AddHttpMessageHandler(provider =>
                new LeaseHandler(provider.GetRequiredService<IUpgradeStore>(), provider.GetRequiredService<TimeProvider>()));
        }

        if (options.Grafana is not null && options.IncidentTags.Count > 0) services.AddGrafanaIncidents(options.IncidentTags);
        services.AddSingleton<IReadOnlyList<IIncidentSource>>(provider => [.. provider.GetServices<IIncidentSource>()]);
        services.AddSingleton<IReadOnlyList<IOutboxSink>>(provider => [.. provider.GetServices<IOutboxSink>()]);
        services.AddSingleton(provider => new OutboxDelivery(
            provider.GetRequiredService<IUpgradeStore>(),
            provider.GetRequiredService<IReadOnlyList<IOutboxSink>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OutboxDelivery>>(),
            reconciles: options.Annotations.Kinds != AnnotationKinds.None));
    }

    private static void AddWorkers(this IServiceCollection services, UpgradeWatchOptions options)
    {
        services.AddHostedService(provider => provider.GetRequiredService<LeaseWorker>());
        services.AddHostedService<EvaluationWorker>();
        services.AddHostedService<PruneWorker>();
        if (options.Targets.Any(t => t.ScrapeUrl is not null))
            services.AddOwnLoop("scraping", provider => provider.GetRequiredService<ScrapeSource>().RunAsync);
        services.AddOwnLoop("reading history", provider =>
        {
            var history = provider.GetRequiredService<HistoryReader>();
            provider.GetRequiredService<UpgradeService>().Published += happened =>
            {
                if (happened.Type is "phase" or "finding" or "verdict") history.Wake();
            };
            return history.RunAsync;
        });
        if (options.Grafana is not null) services.AddLoop("looking at Grafana", provider => provider.GetRequiredService<GrafanaHealth>().RunAsync);
        services.AddAlertingLoops(options);
        services.AddDetectionLoops(options);
        services.AddOwnLoop("delivering", provider =>
        {
            var delivery = provider.GetRequiredService<OutboxDelivery>();
            provider.GetRequiredService<UpgradeService>().Published += _ => delivery.Wake();
            return delivery.RunAsync;
        });
    }

    /// <summary>Runs a loop for as long as this is the active instance.</summary>
    public static void AddOwnLoop(this IServiceCollection services, string name, Func<IServiceProvider, Func<CancellationToken, Task>> loop) =>
        services.AddLoop(name, provider =>
        {
            var (run, lease) = (loop(provider), provider.GetRequiredService<LeaseWorker>());
            return async cancellationToken =>
            {
                await lease.TurnAsync(cancellationToken);
                await run(cancellationToken);
            };
        });

    // Not AddHostedService: that takes only one of a type.
    private static void AddLoop(this IServiceCollection services, string name, Func<IServiceProvider, Func<CancellationToken, Task>> loop) =>
        services.AddSingleton<IHostedService>(provider => new LoopWorker(
            name, loop(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LoopWorker>>()));
}
