using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Watches;

/// <summary>Reads the baseline of an upgrade by absolute times, without the time in which earlier upgrades left the target unwell.</summary>
internal sealed class BaselineReader(IUpgradeStore store)
{
    private const int EarlierUpgrades = 50;

    /// <summary>Which steps are the baseline.</summary>
    public async Task<BaselineWindow> WindowAsync(Upgrade upgrade, TargetPlan plan, CancellationToken cancellationToken)
    {
        var earlier = await store.ListAsync(upgrade.Target, null, EarlierUpgrades, upgrade.Id, cancellationToken).ConfigureAwait(false);
        var settings = upgrade.Evaluation;
        return BaselineWindow.Find(plan, upgrade.UpgradedAt!.Value, settings.BaselineSeconds, settings.HistorySeconds, Unhealthy(upgrade, earlier));
    }

    // What an upgrade did to the target is its own until the next one of the target begins: from then on that one answers for it.
    private static List<TimeWindow> Unhealthy(Upgrade upgrade, IReadOnlyList<Upgrade> earlierNewestFirst)
    {
        List<TimeWindow> windows = [];
        var next = upgrade.UpgradedAt!.Value;
        foreach (var earlier in earlierNewestFirst)
        {
            if (earlier.Unhealthy is { } window && window.From < next) windows.Add(window with { Until = window.Until ?? next });
            if (earlier.UpgradedAt is { } at && at < next) next = at;
        }

        return windows;
    }
}
