using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Watches;

/// <content>How the target's instances are, whatever its traffic.</content>
public sealed partial class Evaluator
{
    private static readonly HealthReport NobodyUp = new(TargetHealth.Down, ["No instance has been up for 8 steps."]);

    // In a planned downtime everything may be down; what is wrong is told when it is over.
    private async Task<HealthReport> HealthAsync(Upgrade upgrade, TargetHealth up, CancellationToken cancellationToken)
    {
        List<HealthReport> reports = [up == TargetHealth.Down ? NobodyUp : new HealthReport(up, [])];
        var now = time.GetUtcNow();
        var isPlanned = upgrade.PlannedDowntime is { } downtime && now >= downtime.From && now < downtime.Until;
        if (upgrade.UpgradedAt is not { } since || isPlanned || options.Find(upgrade.Target) is not { } target) return reports[0];
        foreach (var source in healthSources ?? [])
        {
            try
            {
                if (await source.LookAsync(target, since, cancellationToken).ConfigureAwait(false) is { } report) reports.Add(report);
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                LogHealthFailed(trouble, upgrade.Target);
            }
        }

        return HealthReport.Together(reports);
    }

    [LoggerMessage(16, LogLevel.Error, "health could not be looked at target={Target}")]
    private partial void LogHealthFailed(Exception exception, string target);
}
