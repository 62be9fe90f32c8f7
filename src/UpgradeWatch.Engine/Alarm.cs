namespace UpgradeWatch.Engine;

/// <summary>Wakes a loop that waits for its next turn. Safe for concurrent use; one loop waits.</summary>
/// <param name="time">The clock.</param>
public sealed class Alarm(TimeProvider time)
{
    // Timers take no longer waits, and a clock that was set must not make one endless.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private volatile TaskCompletionSource _rung = New();

    /// <summary>Ends the wait that goes on, or else the next one: what rings while the loop is at work is not lost.</summary>
    public void Ring() => _rung.TrySetResult();

    /// <summary>Waits until a time, until it rings, or until it is cancelled, which is no exception.</summary>
    /// <param name="due">When to go on, at the latest a day from now; null: when it rings.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WaitAsync(DateTimeOffset? due, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_rung.Task, Task.Delay(due is { } at ? Until(at) : Timeout.InfiniteTimeSpan, time, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        if (_rung.Task.IsCompleted) _rung = New();
    }

    private TimeSpan Until(DateTimeOffset due)
    {
        var left = due - time.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
