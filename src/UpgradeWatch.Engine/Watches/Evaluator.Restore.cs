using Microsoft.Extensions.Logging;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Watches;

/// <content>After a rollback: when is the target back where it was before the upgrade?</content>
public sealed partial class Evaluator
{
    private static DateTimeOffset RestoreEnds(Upgrade upgrade) => upgrade.FirstOf(Phase.RolledBack)!.Value.AddSeconds(upgrade.ObservationSeconds);

    // Judged like an upgrade that begins with the rolled-back version, against the same baseline.
    private async Task<double> WatchRestoreAsync(Upgrade upgrade, TargetPlan plan, CancellationToken cancellationToken)
    {
        var rolledBackAt = upgrade.FirstOf(Phase.RolledBack)!.Value;
        var key = upgrade.Id;
        if (_watches.TryGetValue(key, out var watch) && watch.From != rolledBackAt) _watches.TryRemove(key, out watch);
        if (watch is null && await WatchOfAsync(upgrade, plan, rolledBackAt, cancellationToken).ConfigureAwait(false) is { } made) watch = made;
        if (watch is null) return 0;
        var restoration = watch.Restoration ??= new Restoration(upgrade.Restored ?? []);
        await ReadNewAsync(upgrade, plan, watch, RestoreEnds(upgrade), cancellationToken, Note).ConfigureAwait(false);
        // Gaps that were read again may have changed what was found.
        Note();
        var (back, seconds) = (restoration.Back, restoration.Seconds);
        if (back.Count == (upgrade.Restored?.Count ?? 0) && seconds is null) return 0;
        var stored = await upgrades.ApplyAsync(upgrade, change => change.Set(u => Restore(u, back, seconds)), worthStoring: true, cancellationToken).ConfigureAwait(false);
        if (stored) LogRestored(upgrade.Target, upgrade.Id, seconds is not null, string.Join(',', back.Skip(upgrade.Restored?.Count ?? 0).Select(sli => sli.Sli)), seconds ?? back[^1].Seconds);
        return 0;

        void Note()
        {
            if (watch.ObservedUntil is { } until)
                restoration.Note(watch.Evaluate(upgrade, Stage.Watching).Findings, (until - rolledBackAt).TotalSeconds, sli => upgrade.AcknowledgementOf(sli, time.GetUtcNow()) is not null);
        }
    }

    private static Upgrade Restore(Upgrade upgrade, IReadOnlyList<RestoredSli> back, double? seconds) => upgrade with
    {
        Restored = back.Count == 0 ? null : [.. back],
        TimeToRestoreSeconds = seconds,
        Unhealthy = upgrade.Unhealthy is { } window && seconds is { } length
            ? window with { Until = upgrade.FirstOf(Phase.RolledBack)!.Value.AddSeconds(length) }
            : upgrade.Unhealthy,
    };

    [LoggerMessage(16, LogLevel.Information, "back after the roll-back target={Target} upgrade={Upgrade} all={All} slis={Slis} seconds={Seconds:0}")]
    private partial void LogRestored(string target, string upgrade, bool all, string slis, double seconds);
}
