using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Workers;

/// <summary>Drops once a day what is older than it is kept.</summary>
internal sealed partial class PruneWorker(IUpgradeStore store, UpgradeWatchOptions options, TimeProvider time, ILogger<PruneWorker> logger) : BackgroundService
{
    // Not at once: a start has better things to do.
    private static readonly TimeSpan First = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(First, time, stoppingToken);
            using var timer = new PeriodicTimer(Every, time);
            do await PruneAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        if (!store.Lease.IsHeld) return;
        var now = time.GetUtcNow();
        var history = options.Targets.Select(t => t.Evaluation.HistorySeconds).DefaultIfEmpty(options.Evaluation.HistorySeconds).Max();
        try
        {
            await store.PruneAsync(now.AddSeconds(-history), now.AddDays(-options.Storage.RetentionDays), cancellationToken);
        }
        catch (StoreException trouble)
        {
            Log.Failed(logger, trouble);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Old records could not be dropped; it is tried again in a day")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
