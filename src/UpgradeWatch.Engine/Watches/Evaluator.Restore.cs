using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

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
        // Where nobody takes the finding for real, nobody waits for it to go away.
        if (findings.Count == 0 || !findings.All(f => IsBack(f.Result) || upgrade.AcknowledgementOf(f.Sli, time.GetUtcNow()) is not null)) return 0;

        // What is called recovered has been back inside its band for that long already.
        var held = findings.Any(f => f.Result.Code == FindingCodes.Recovered) ? RecoveredSeconds : 0;
        var restored = watch.ObservedUntil!.Value.AddSeconds(-held);
        await upgrades.ApplyAsync(
            upgrade,
            change => change.Set(u => u with
            {
                TimeToRestoreSeconds = (restored - rolledBackAt).TotalSeconds,
                Unhealthy = u.Unhealthy is { } window ? window with { Until = restored } : null,
            }),
            worthStoring: true,
            cancellationToken).ConfigureAwait(false);
        return 0;
    }
}
