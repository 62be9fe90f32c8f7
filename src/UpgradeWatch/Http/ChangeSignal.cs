using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Http;

/// <summary>Wakes everybody who waits for something to change. What has changed is read again from where it is kept.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Listens to the upgrades.</summary>
    public ChangeSignal(UpgradeService upgrades) => upgrades.Published += _ => Interlocked.Exchange(ref _next, New()).SetResult();

    /// <summary>Ends at the next change. Take it before looking, so that no change falls between the look and the wait.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Waits for a change, or until the time is up.</summary>
    public static async Task WaitAsync(Task next, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(next, Task.Delay(atMost, time, end.Token));
        await end.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
