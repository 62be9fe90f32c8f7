using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Watches;

/// <summary>
/// Which time of earlier upgrades an upgrade is not compared with: each from <c>upgrading</c> to the end of its observation
/// window, and as long as it left the target unwell. What the last one brought is what this one replaces, so if nothing was
/// wrong with it only its rollout is left out, and its warm-up when that is asked for.
/// </summary>
internal static class EarlierTimes
{
    /// <summary>The stretches, newest first.</summary>
    /// <param name="upgrade">The upgrade that is compared.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="earlierNewestFirst">The target's earlier ones.</param>
    public static IEnumerable<LeftOutTime> Of(Upgrade upgrade, TargetPlan plan, IReadOnlyList<Upgrade> earlierNewestFirst)
    {
        // What an upgrade did to the target is its own until the next one of the target begins: from then on that one answers for it.
        var next = upgrade.UpgradedAt!.Value;
        var isLast = true;
        foreach (var earlier in earlierNewestFirst)
        {
            if (earlier.UpgradedAt is not { } from || from >= next) continue;
            var until = isLast && earlier.Unhealthy is null ? RolloutEnd(upgrade, plan, earlier) : End(earlier);
            if (earlier.Unhealthy is { } unhealthy && (unhealthy.Until ?? next) > until) until = unhealthy.Until ?? next;
            if (until > next) until = next;
            if (until > from) yield return new LeftOutTime(from, until, $"the upgrade to {earlier.ToVersion}");
            (next, isLast) = (from, false);
        }
    }

    private static DateTimeOffset RolloutEnd(Upgrade upgrade, TargetPlan plan, Upgrade earlier)
    {
        var end = earlier.ObservedFrom ?? End(earlier);
        var warmup = upgrade.Evaluation.WarmupSeconds ?? (StepCalendar.DefaultWarmupSteps * plan.StepSeconds);
        return upgrade.Evaluation.LeaveOutWarmup ? end.AddSeconds(warmup) : end;
    }

    // One that was entered afterwards closed later than its window ended.
    private static DateTimeOffset End(Upgrade earlier)
    {
        var closed = earlier.WindowClosedAt ?? earlier.History[^1].At;
        return earlier.WindowEndsAt is { } planned && planned < closed ? planned : closed;
    }
}
