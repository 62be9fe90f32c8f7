using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Engine.Rollouts;

/// <summary>
/// Has upgrades follow the version label of a metric, for targets that are not seen otherwise. The first look goes back
/// as far as the history, so that a change that was made meanwhile is found with its time.
/// </summary>
public sealed partial class VersionWatcher(
    IVersionSource source, IUpgradeStore store, RolloutFollower follower, EngineOptions options, TimeProvider time, ILogger<VersionWatcher> logger)
{
    private const int MostSteps = 5000;

    // Back far enough that a roll-out is seen as a whole, from its first instance to its last.
    private static readonly TimeSpan Behind = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Around = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, VersionCounts> _seen = [];
    private readonly Dictionary<string, string> _troubles = [];

    /// <summary>Looks at every target with a version metric until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Max(options.IntervalSeconds, 1)), time);
        do await LookOnceAsync(cancellationToken).ConfigureAwait(false);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Looks at every target once.</summary>
    public async Task LookOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var target in options.Targets.Where(target => target.VersionMetric is not null))
        {
            try
            {
                Note(target.Name, await LookAsync(target, cancellationToken).ConfigureAwait(false));
            }
            catch (StoreException trouble)
            {
                Note(target.Name, trouble.Message);
            }
        }
    }

    private async Task<string?> LookAsync(TargetOptions target, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var oldest = now.AddSeconds(-target.Evaluation.HistorySeconds);
        var shortest = target.Evaluation.StepSeconds;
        var seen = _seen.GetValueOrDefault(target.Name);
        var from = seen?.At(seen.Steps) ?? oldest;
        if (from > now) return null;
        var step = Math.Max(shortest, Math.Ceiling((now - from).TotalSeconds / MostSteps));
        var reply = await source.VersionsAsync(target, from, now, step, cancellationToken).ConfigureAwait(false);
        if (reply.Value is not { } counts) return reply.Failure!.Message;
        if (seen is not null && step == seen.StepSeconds) counts = seen.With(counts, now - Behind);
        if (VersionReading.Read(target.Name, target.VersionMetric!, counts) is { } sighting)
        {
            if (step > shortest && await IsNewsAsync(sighting, cancellationToken).ConfigureAwait(false))
            {
                var closer = await source.VersionsAsync(target, Max(sighting.ChangedAt - Around, oldest), Min(sighting.ChangedAt + Behind, now), shortest, cancellationToken).ConfigureAwait(false);
                if (closer.Value is null) return closer.Failure!.Message;
                if (VersionReading.Read(target.Name, target.VersionMetric!, closer.Value) is { } near && near.Template == sighting.Template)
                    sighting = sighting with { ChangedAt = near.ChangedAt, DoneAt = sighting.DoneAt is null ? null : near.DoneAt ?? sighting.DoneAt };
            }

            if (await follower.FollowAsync(target.Name, [sighting], RolloutFollower.VersionMetric, cancellationToken).ConfigureAwait(false) is { } refusal) return refusal;
        }

        // The wide look back is made once; then only what is new is read.
        if (step == shortest && counts.Steps > 0) _seen[target.Name] = counts;
        else if (await source.VersionsAsync(target, Max(now - Behind, oldest), now, shortest, cancellationToken).ConfigureAwait(false) is { Value: { Steps: > 0 } near }) _seen[target.Name] = near;
        return null;
    }

    private async Task<bool> IsNewsAsync(RolloutSighting sighting, CancellationToken cancellationToken)
    {
        var memory = await store.LoadRolloutsAsync(sighting.Target, cancellationToken).ConfigureAwait(false);
        return memory.FirstOrDefault(one => one.Workload == sighting.Workload) is { } seen && seen.Template != sighting.Template;
    }

    // Said once, and again when it is another one.
    private void Note(string target, string? trouble)
    {
        if (trouble is null)
        {
            _troubles.Remove(target);
            return;
        }

        if (_troubles.GetValueOrDefault(target) == trouble) return;
        _troubles[target] = trouble;
        LogTrouble(target, trouble);
    }

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    [LoggerMessage(23, LogLevel.Warning, "the version of {Target} could not be looked at, it is tried again: {Reason}")]
    private partial void LogTrouble(string target, string reason);
}
