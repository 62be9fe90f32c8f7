using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Watches;

/// <summary>Which steps after the upgrade count: warm-up, planned downtime, instances that are still starting.</summary>
internal sealed class StepCalendar
{
    /// <summary>Steps of warm-up, and steps for which a start is recent, when nothing else is configured.</summary>
    public const int DefaultWarmupSteps = 8;

    private const int RecentSteps = 8;

    private readonly TargetPlan _plan;
    private readonly List<(long First, long Last)> _warmups = [];
    private readonly (long First, long Last)? _planned;
    private readonly (long First, long Last)? _upgrading;
    private long? _lastStart;

    public StepCalendar(Upgrade upgrade, TargetPlan plan, DateTimeOffset from)
    {
        _plan = plan;
        var warmup = upgrade.Evaluation.WarmupSeconds is { } seconds ? (long)Math.Ceiling((seconds / plan.StepSeconds) - 1e-9) : DefaultWarmupSteps;
        AddWarmup(from, warmup);
        if (upgrade.ObservedFrom is { } observedFrom && observedFrom >= from) AddWarmup(observedFrom, warmup);
        if (upgrade.PlannedDowntime is { } downtime) _planned = (plan.StepAt(downtime.From) + 1, plan.StepAt(downtime.Until) + 1);
        if (upgrade.FirstOf(Phase.Upgrading) is { } upgrading && upgrading >= from)
        {
            _upgrading = (plan.StepAt(upgrading) + 1, upgrade.ObservedFrom is { } until ? plan.StepAt(until) : long.MaxValue);
        }
    }

    /// <summary>The state of the next step; to be asked for every step once, in order.</summary>
    public StepState Next(StepBlock block, int index)
    {
        var step = block.FirstStep + index;
        if (block.Started[index]) _lastStart = step;
        var state = StepState.None;
        if (_warmups.Exists(w => Within(w, step))) state |= StepState.WarmUp;
        if (_planned is { } planned && Within(planned, step)) state |= StepState.Planned;
        if (block.Up[index] == 0) state |= StepState.Down;
        if (_upgrading is { } upgrading && Within(upgrading, step) && step - _lastStart < RecentSteps) state |= StepState.Starting;
        return state;
    }

    private static bool Within((long First, long Last) range, long step) => step >= range.First && step <= range.Last;

    private void AddWarmup(DateTimeOffset from, long steps)
    {
        var first = _plan.StepAt(from) + 1;
        _warmups.Add((first, first + steps - 1));
    }
}
