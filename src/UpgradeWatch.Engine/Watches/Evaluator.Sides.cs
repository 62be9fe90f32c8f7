using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Sides;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Watches;

/// <content>New instances against old ones at the same time, while there are both.</content>
public sealed partial class Evaluator
{
    private async Task ReadSidesAsync(Upgrade upgrade, TargetPlan plan, Watch watch, CancellationToken cancellationToken)
    {
        if (watch.Sides is { IsOver: true } || SourceOf(plan) is not { AnswersAnyStep: true } source || options.Find(upgrade.Target) is not { } target) return;
        var sides = (sideSources ?? []).Select(one => one.SidesOf(target, upgrade)).FirstOrDefault(one => one is not null);
        if (sides is not null && (watch.Sides?.Sides.Old.Key != sides.Old.Key || watch.Sides.Sides.New.Key != sides.New.Key)) watch.Sides = new SideWatch(sides, plan.StepAt(watch.From) + 1) { Slis = plan.Slis };
        if (watch.Sides is not { } both || both.NextStep >= watch.NextStep) return;
        var (first, last) = (both.NextStep, watch.NextStep - 1);
        if (await ReadAsync(source, both.Sides.Old.Of(plan), first, last, cancellationToken).ConfigureAwait(false) is not { } old) return;
        if (await ReadAsync(source, both.Sides.New.Of(plan), first, last, cancellationToken).ConfigureAwait(false) is not { } @new) return;
        both.Add(old, @new);
        if (!both.HasBoth || both.HasHalves) return;
        var (one, other) = both.Sides.Halves;
        var (from, until) = watch.Baseline;
        if (await ReadAsync(source, one.Of(plan), from, until, cancellationToken).ConfigureAwait(false) is not { } half) return;
        if (await ReadAsync(source, other.Of(plan), from, until, cancellationToken).ConfigureAwait(false) is not { } rest) return;
        both.Take(half, rest);
    }

    // What cannot be read now is read at one of the next looks: nothing waits for it.
    private async Task<StepBlock?> ReadAsync(IMetricSource source, TargetPlan plan, long first, long last, CancellationToken cancellationToken)
    {
        var reply = await source.ReadAsync(plan, first, last, cancellationToken).ConfigureAwait(false);
        if (reply.Value is { } block) counters.CountNeeded(plan.Source, block.Samples);
        return reply.Value;
    }
}
