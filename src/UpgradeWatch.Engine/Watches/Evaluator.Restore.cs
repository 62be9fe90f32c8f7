using Microsoft.Extensions.Logging;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Watches;

/// <content>After a rollback: when is the target back where it was before the upgrade?</content>
public sealed partial class Evaluator
{
    private const double RecoveredSeconds = 900;

    private static bool IsBack(SliFinding finding) =>
        finding.Status == FindingStatus.Pass || finding is { Status: FindingStatus.Warn, Code: FindingCodes.Recovered };

    private static DateTimeOffset RestoreEnds(Upgrade upgrade) => upgrade.FirstOf(Phase.RolledBack)!.Value.AddSeconds(upgrade.ObservationSeconds);

    // Judged like an upgrade that begins with the rolled-back version, against the same baseline.
    private async Task<double> WatchRestoreAsync(Upgrade upgrade, TargetPlan plan, CancellationToken cancellationToken)
    {
        var rolledBackAt = upgrade.FirstOf(Phase.RolledBack)!.Value;
        var key = upgrade.Id;
        if (_watches.TryGetValue(key, out var watch) && watch.From != rolledBackAt) _watches.TryRemove(key, out watch);
        if (watch is null && await WatchOfAsync(upgrade, plan, rolledBackAt, cancellationToken).ConfigureAwait(false) is { } made) watch = made;
        if (watch is null) return 0;
        await ReadNewAsync(upgrade, plan, watch, null, cancellationToken).ConfigureAwait(false);
        var (findings, _) = watch.Evaluate(upgrade, Stage.Watching);
        var known = upgrade.Restored ?? [];
        RestoredSli[] back = [.. findings.Where(f => IsBack(f.Result) && !known.Any(k => k.Sli == f.Sli)).Select(f => new RestoredSli(f.Sli, SecondsUntilBack(f)))];

        // Where nobody takes the finding for real, nobody waits for it to go away.
        var isRestored = findings.Count > 0 && findings.All(f => IsBack(f.Result) || upgrade.AcknowledgementOf(f.Sli, time.GetUtcNow()) is not null);
        if (back.Length == 0 && !isRestored) return 0;
        // The last one decides; where all were back before, but never together, it is now.
        var seconds = back.Length > 0 ? known.Concat(back).Max(sli => sli.Seconds) : (watch.ObservedUntil!.Value - rolledBackAt).TotalSeconds;
        var stored = await upgrades.ApplyAsync(upgrade, change => change.Set(u => Restore(u, back, isRestored ? seconds : null)), worthStoring: true, cancellationToken).ConfigureAwait(false);
        if (stored) LogRestored(upgrade.Target, upgrade.Id, isRestored, string.Join(',', back.Select(sli => sli.Sli)), seconds);
        return 0;

        // What is called recovered has been back inside its band for that long already.
        double SecondsUntilBack(Finding finding) =>
            (watch.ObservedUntil!.Value - rolledBackAt).TotalSeconds - (finding.Result.Code == FindingCodes.Recovered ? RecoveredSeconds : 0);
    }

    private static Upgrade Restore(Upgrade upgrade, IReadOnlyList<RestoredSli> back, double? seconds) => upgrade with
    {
        Restored = back.Count == 0 ? upgrade.Restored : [.. upgrade.Restored ?? [], .. back],
        TimeToRestoreSeconds = seconds,
        Unhealthy = upgrade.Unhealthy is { } window && seconds is { } length
            ? window with { Until = upgrade.FirstOf(Phase.RolledBack)!.Value.AddSeconds(length) }
            : upgrade.Unhealthy,
    };

    [LoggerMessage(16, LogLevel.Information, "back after the roll-back target={Target} upgrade={Upgrade} all={All} slis={Slis} seconds={Seconds:0}")]
    private partial void LogRestored(string target, string upgrade, bool all, string slis, double seconds);
}
