using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Watches;

/// <summary>Which steps before an upgrade it is compared with: the newest ones, without the time of earlier bad upgrades.</summary>
/// <param name="ReadFrom">First step that is read: 15 min earlier than <paramref name="FirstStep"/> where the baseline is long enough to judge its end.</param>
/// <param name="FirstStep">First step of the baseline.</param>
/// <param name="LastStep">Last step of the baseline and of what is read.</param>
/// <param name="Excluded">Time that is cut out.</param>
internal sealed record BaselineWindow(long ReadFrom, long FirstStep, long LastStep, IReadOnlyList<TimeWindow> Excluded)
{
    /// <summary>Works the window out. It reaches further back to keep its length where time is cut out, as far as the history is read.</summary>
    /// <param name="plan">The target's plan.</param>
    /// <param name="upgradedAt">The time of the upgrade.</param>
    /// <param name="baselineSeconds">Wanted length.</param>
    /// <param name="historySeconds">How far back may be read.</param>
    /// <param name="unhealthy">Time to cut out; an open end reaches up to the upgrade.</param>
    public static BaselineWindow Find(TargetPlan plan, DateTimeOffset upgradedAt, double baselineSeconds, double historySeconds, IReadOnlyList<TimeWindow> unhealthy)
    {
        var last = plan.StepAt(upgradedAt);
        var oldest = plan.StepAt(upgradedAt.AddSeconds(-historySeconds));
        var wanted = Math.Max(1, (long)Math.Round(baselineSeconds / plan.StepSeconds));
        var window = new BaselineWindow(last, last, last, unhealthy);
        var first = window.GoBack(plan, last + 1, wanted, oldest);
        var extra = baselineSeconds >= BaselineHealth.LeastSecondsBefore ? (long)Math.Round(BaselineHealth.EndSeconds / plan.StepSeconds) : 0;
        return window with { FirstStep = first, ReadFrom = window.GoBack(plan, first, extra, oldest) };
    }

    private long GoBack(TargetPlan plan, long from, long steps, long oldest)
    {
        for (var kept = 0L; kept < steps && from > oldest; from--)
        {
            if (!IsExcluded(plan, from - 1)) kept++;
        }

        return from;
    }

    /// <summary>Whether a step overlaps with time that is cut out.</summary>
    public bool IsExcluded(TargetPlan plan, long step)
    {
        var (from, until) = (plan.EndOf(step - 1), plan.EndOf(step));
        foreach (var window in Excluded)
        {
            if (window.From < until && (window.Until is not { } end || end > from)) return true;
        }

        return false;
    }
}
