namespace UpgradeWatch.Workers;

/// <summary>Keeps a loop running that is not meant to end: if it fails all the same, that is logged and it is started again.</summary>
/// <param name="name">What it does, for the log.</param>
/// <param name="run">The loop; ends when it is cancelled.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told about failures.</param>
internal sealed partial class LoopWorker(string name, Func<CancellationToken, Task> run, TimeProvider time, ILogger<LoopWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await RunAsync(stoppingToken);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await run(cancellationToken);
        }
        catch (Exception trouble) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, trouble, name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Name} failed; it is started again")]
        public static partial void Failed(ILogger logger, Exception exception, string name);
    }
}
