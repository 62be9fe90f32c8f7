using System.Diagnostics;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Watches;
using UpgradeWatch.Telemetry;

namespace UpgradeWatch.Workers;

/// <summary>Looks at everything every interval. A look that fails is logged, and the next one comes all the same.</summary>
internal sealed partial class EvaluationWorker(
    Evaluator evaluator, EngineOptions options, MetricsRegistry metrics, TimeProvider time, ILogger<EvaluationWorker> logger) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // One after the other: a look that takes longer than the interval delays the next, and none is made up for.
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.IntervalSeconds), time);
        try
        {
            do await LookAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        using var activity = Tracing.Source.StartActivity("evaluate");
        try
        {
            await evaluator.TickAsync(cancellationToken);
            metrics.ObserveEvaluation(evaluator.LastTickDuration);
        }
        catch (Exception trouble) when (!cancellationToken.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, trouble.Message);
            Log.Failed(logger, trouble);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "An evaluation failed; the next one comes as planned")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
