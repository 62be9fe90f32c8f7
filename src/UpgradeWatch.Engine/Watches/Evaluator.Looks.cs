using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Watches;

/// <content>Looking at many upgrades at once, of which some may hang.</content>
public sealed partial class Evaluator
{
    private readonly Dictionary<string, Look> _looks = [];

    // A source that hangs must not keep the targets of the others from being looked at: after an interval a look goes on
    // beside the next ones. Returns the lag of the slowest in seconds.
    private async Task<double> LookAtAllAsync(CancellationToken cancellationToken)
    {
        foreach (var upgrade in upgrades.Current.Where(NeedsLook))
        {
            if (!_looks.ContainsKey(upgrade.Id)) _looks[upgrade.Id] = new Look(upgrade, LookAsync(upgrade, cancellationToken), time.GetTimestamp());
        }

        await WaitAsync(Task.WhenAll(_looks.Values.Select(look => look.Lag)), cancellationToken).ConfigureAwait(false);
        var lag = 0.0;
        foreach (var (id, look) in _looks)
        {
            lag = Math.Max(lag, look.Lag.IsCompletedSuccessfully ? look.Lag.Result : time.GetElapsedTime(look.BegunAt).TotalSeconds);
            upgrades.NoteHeldUp(id, !look.Lag.IsCompleted);
            if (look.Lag.IsCompleted) _looks.Remove(id);
            else LogSlow(look.Upgrade.Target, id, time.GetElapsedTime(look.BegunAt).TotalSeconds);
        }

        return lag;
    }

    private async Task WaitAsync(Task looks, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(looks, Task.Delay(TimeSpan.FromSeconds(Math.Max(options.IntervalSeconds, 1)), time, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);

        // At the end nothing goes on behind the back of whoever closes the store.
        if (looks.IsCompleted || cancellationToken.IsCancellationRequested) await looks.ConfigureAwait(false);
    }

    private readonly record struct Look(Upgrade Upgrade, Task<double> Lag, long BegunAt);

    [LoggerMessage(15, LogLevel.Warning, "look is slow, others go on target={Target} upgrade={Upgrade} seconds={Seconds:0.0}")]
    private partial void LogSlow(string target, string upgrade, double seconds);
}
