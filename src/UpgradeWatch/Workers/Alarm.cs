namespace UpgradeWatch.Workers;

/// <summary>Wakes a loop that waits.</summary>
internal sealed class Alarm(TimeProvider time)
{
    private TaskCompletionSource _rung = New();

    /// <summary>Ends the wait that goes on, or the next one.</summary>
    public void Ring() => _rung.TrySetResult();

    /// <summary>Waits until it rings, at most for a time.</summary>
    public async Task WaitAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_rung.Task, Task.Delay(most, time, stop.Token));
        await stop.CancelAsync();
        if (_rung.Task.IsCompleted) _rung = New();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
