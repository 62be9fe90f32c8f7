using Prometheus;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Watches;

namespace UpgradeWatch.Telemetry;

/// <summary>Everything that is exposed to Prometheus, set to the state of the engine whenever it is collected.</summary>
internal sealed class MetricsRegistry : IDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly UpgradeMetrics _upgrades;
    private readonly SelfMetrics _self;

    /// <summary>Makes all metrics.</summary>
    public MetricsRegistry(
        UpgradeService upgrades, Evaluator evaluator, SourceCounters counters, OutboxDelivery delivery, EngineOptions options, SourceNames sources, TimeProvider time)
    {
        var metrics = Metrics.WithCustomRegistry(_registry);
        _upgrades = new UpgradeMetrics(metrics, upgrades, options, time);
        _self = new SelfMetrics(metrics, upgrades, evaluator, counters, delivery, sources);
        _ = new ChangeCounters(metrics, upgrades, options);
        DotNetStats.Register(_registry);
    }

    /// <summary>Counts one look at everything.</summary>
    public void ObserveEvaluation(TimeSpan duration) => _self.Observe(duration);

    /// <summary>Writes the exposition.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="isOpenMetrics">OpenMetrics instead of Prometheus's text format.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WriteAsync(Stream output, bool isOpenMetrics, CancellationToken cancellationToken)
    {
        // Two at once would sweep away what the other has just set. What is slow, the sending, comes after it.
        using var buffer = new MemoryStream();
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            _upgrades.Update();
            _self.Update();
            await _registry.CollectAndExportAsTextAsync(
                buffer, isOpenMetrics ? ExpositionFormat.OpenMetricsText : ExpositionFormat.PrometheusText, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }

        buffer.Position = 0;
        await buffer.CopyToAsync(output, cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _oneAtATime.Dispose();
}
