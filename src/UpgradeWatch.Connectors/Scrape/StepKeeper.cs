using Microsoft.Extensions.Logging;
using UpgradeWatch.Connectors.Scrape.Steps;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Scrape;

/// <summary>
/// Hands a target's steps to the store in time, and reads older ones back. Trouble with the store never stops the
/// scraping: what could not be saved is tried again as long as it is held.
/// </summary>
internal sealed partial class StepKeeper(string target, IUpgradeStore store, TargetRecorder recorder, TimeProvider time, ILogger logger)
{
    // Twice within the minute after which steps must be there, so that one failure is made up for. What a crash takes is
    // a gap in the evidence, and of short steps there are many in a minute.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(25);
    private const int MostSteps = 8;

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, MostSteps * recorder.StepSeconds));
    private long _saved = long.MinValue;
    private long _savedAt = time.GetTimestamp();
    private Task _saving = Task.CompletedTask;

    /// <summary>Begins to save what is new when it is time to.</summary>
    public void SaveWhenDue(CancellationToken cancellationToken)
    {
        if (!_saving.IsCompleted || time.GetElapsedTime(_savedAt) < _interval) return;

        _savedAt = time.GetTimestamp();
        _saving = SaveAsync(withNewest: false, cancellationToken);
    }

    /// <summary>Saves all that is left, when nothing is scraped any more.</summary>
    public async Task SaveRestAsync()
    {
        await _saving;
        await SaveAsync(withNewest: true, CancellationToken.None);
    }

    /// <summary>Copies kept steps before one into a window; the failure says why that was not possible.</summary>
    public async Task<SourceFailure?> ReadAsync(StepWindow window, long first, long before, CancellationToken cancellationToken)
    {
        try
        {
            // A step ends at its index times its length; half a step more on both sides leaves no doubt about the ends.
            var from = DateTimeOffset.UnixEpoch.AddSeconds((first - 0.5) * recorder.StepSeconds);
            var until = DateTimeOffset.UnixEpoch.AddSeconds((before - 0.5) * recorder.StepSeconds);
            foreach (var block in await store.LoadStepsAsync(target, from, until, cancellationToken)) window.Add(block);

            return null;
        }
        catch (StoreException trouble)
        {
            Log.NotRead(logger, target, trouble);
            return new SourceFailure(SourceFailureKind.Broken, $"The kept steps of target {target} could not be read: {trouble.Message}");
        }
    }

    private async Task SaveAsync(bool withNewest, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var block in recorder.StepsAfter(_saved, withNewest))
            {
                await store.SaveStepsAsync(target, block, cancellationToken);
                _saved = block.FirstStep + block.Count - 1;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The last save, when everything ends, takes up what this one left.
        }
        catch (Exception trouble)
        {
            Log.NotSaved(logger, target, trouble);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The steps of target {Target} could not be saved; it is tried again")]
        public static partial void NotSaved(ILogger logger, string target, Exception trouble);

        [LoggerMessage(2, LogLevel.Warning, "The kept steps of target {Target} could not be read")]
        public static partial void NotRead(ILogger logger, string target, Exception trouble);
    }
}
