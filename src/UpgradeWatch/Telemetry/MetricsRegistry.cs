using Prometheus;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Watches;

namespace UpgradeWatch.Telemetry;

/// <summary>Everything that is exposed to Prometheus, set to the state of the engine whenever it is collected.</summary>
internal sealed class MetricsRegistry
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Lock _update = new();
    private readonly RequestDelegate _exporter;
    private readonly UpgradeMetrics _upgrades;
    private readonly SelfMetrics _self;

    /// <summary>Makes all metrics.</summary>
    public MetricsRegistry(
        UpgradeService upgrades,
        Evaluator evaluator,
        SourceCounters counters,
        OutboxDelivery delivery,
        EngineOptions options,
        SourceNames sources,
        TimeProvider time,
        IServiceProvider services)
    {
        var metrics = Metrics.WithCustomRegistry(_registry);
        _upgrades = new UpgradeMetrics(metrics, upgrades, options, time);
        _self = new SelfMetrics(metrics, upgrades, evaluator, counters, delivery, sources, options);
        _ = new ChangeCounters(metrics, upgrades, options);
        DotNetStats.Register(_registry);
        _registry.AddBeforeCollectCallback(Update);
        _exporter = new ApplicationBuilder(services).UseMetricServer(settings => settings.Registry = _registry, url: null).Build();
    }

    /// <summary>Counts one look at everything.</summary>
    public void ObserveEvaluation(TimeSpan duration) => _self.Observe(duration);

    /// <summary>Answers a scrape in the format that it accepts.</summary>
    public Task AnswerAsync(HttpContext context) => _exporter(context);

    // Two scrapes at once must not sweep away what the other has just set.
    private void Update()
    {
        lock (_update)
        {
            _upgrades.Update();
            _self.Update();
        }
    }
}
