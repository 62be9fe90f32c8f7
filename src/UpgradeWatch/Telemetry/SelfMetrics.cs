using Prometheus;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Watches;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.Telemetry;

/// <summary>What is exposed about UpgradeWatch itself.</summary>
internal sealed class SelfMetrics
{
    private static readonly string[] Outcomes = ["ok", "error"];

    private readonly UpgradeService _upgrades;
    private readonly Evaluator _evaluator;
    private readonly SourceCounters _counters;
    private readonly OutboxDelivery _delivery;
    private readonly Histogram _duration;
    private readonly Gauge _lag, _last, _pending, _store, _active;
    private readonly Counter _requests, _samples, _needed, _sent;

    /// <summary>Makes them in a registry.</summary>
    public SelfMetrics(MetricFactory metrics, UpgradeService upgrades, Evaluator evaluator, SourceCounters counters, OutboxDelivery delivery, SourceNames names, EngineOptions options)
    {
        (_upgrades, _evaluator, _counters, _delivery) = (upgrades, evaluator, counters, delivery);
        metrics.CreateGauge("upgradewatch_build_info", "The version that runs.", "version").WithLabels(BuildInfo.Version).Set(1);
        _duration = metrics.CreateHistogram(
            "upgradewatch_evaluation_duration_seconds", "Time one look at everything took.", new HistogramConfiguration { Buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60] });
        _lag = metrics.CreateGauge("upgradewatch_evaluation_lag_seconds", "How far what was judged lies behind what could be complete.");
        _last = metrics.CreateGauge("upgradewatch_last_evaluation_timestamp_seconds", "When it last looked at everything, also when there was nothing to judge.");
        metrics.CreateGauge("upgradewatch_evaluation_interval_seconds", "Time between two looks, as configured.").Set(options.IntervalSeconds);
        _pending = metrics.CreateGauge("upgradewatch_outbox_pending", "What waits to be said outside.", "sink");
        _store = metrics.CreateGauge("upgradewatch_store_up", "1 while changes can be stored, 0 while they cannot.");
        _active = metrics.CreateGauge("upgradewatch_active", "1 while this instance is the active one on its store, 0 while it stands by.");
        _requests = metrics.CreateCounter("upgradewatch_source_requests_total", "Requests to a source.", "source", "outcome");
        _samples = metrics.CreateCounter("upgradewatch_source_samples_total", "Samples fetched from a source.", "source");
        _needed = metrics.CreateCounter("upgradewatch_source_samples_needed_total", "Samples needed from a source, each counted once.", "source");
        _sent = metrics.CreateCounter("upgradewatch_outbox_sent_total", "Tries to say something outside.", "sink", "outcome");
        foreach (var source in names.All)
        {
            foreach (var outcome in Outcomes) _requests.WithLabels(source, outcome);
            _samples.WithLabels(source);
            _needed.WithLabels(source);
        }
    }

    /// <summary>Counts one look.</summary>
    public void Observe(TimeSpan duration) => _duration.Observe(duration.TotalSeconds);

    /// <summary>Sets everything to what holds now.</summary>
    public void Update()
    {
        _store.Set(_upgrades.StoreTrouble is null ? 1 : 0);
        _active.Set(_upgrades.IsActive ? 1 : 0);
        _lag.Set(_evaluator.LagSeconds);
        // An instance on standby does not look, and must not seem to have stopped.
        // Nor must one that has not looked yet: it has no time to show.
        if (!_upgrades.IsActive || _evaluator.LastTickAt is not { } at) _last.Unpublish();
        else _last.Set(at.ToUnixTimeMilliseconds() / 1000.0);
        foreach (var (key, count) in _counters.Requests) _requests.WithLabels(key.Source, key.Outcome).IncTo(count);
        foreach (var (source, count) in _counters.Fetched) _samples.WithLabels(source).IncTo(count);
        foreach (var (source, count) in _counters.Needed) _needed.WithLabels(source).IncTo(count);
        foreach (var (sink, count) in _delivery.Pending) _pending.WithLabels(sink).Set(count);
        foreach (var (key, count) in _delivery.Sent) _sent.WithLabels(key.Sink, key.Outcome).IncTo(count);
    }
}
