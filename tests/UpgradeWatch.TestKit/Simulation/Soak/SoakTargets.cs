using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.TestKit.Simulation.Soak;

/// <summary>Those who upgrade every target again and again: most versions are good, some are rolled back, some failures are known.</summary>
internal sealed class SoakTargets(SoakPlan plan, SoakSource source, DateTimeOffset begin)
{
    private const int EveryFaulty = 9;
    private const int RolloutMinutes = 5;
    private const int MinutesUntilReaction = 20;

    /// <summary>The name of a target.</summary>
    public static string NameOf(int target) => $"shop-{target}";

    /// <summary>What is done in a minute; asked in order.</summary>
    public async Task ActAsync(UpgradeService service, DateTimeOffset now)
    {
        for (var target = 0; target < plan.Targets; target++)
        {
            var since = now - begin - (plan.Round * target / plan.Targets);
            if (since < TimeSpan.Zero) continue;
            var round = (int)(since / plan.Round);
            await ActAsync(service, NameOf(target), round, target + round, (int)(since - (round * plan.Round)).TotalMinutes, now).ConfigureAwait(false);
        }
    }

    private async Task ActAsync(UpgradeService service, string name, int round, int number, int minute, DateTimeOffset now)
    {
        var isFaulty = number % EveryFaulty == 0;
        if (minute == 0)
        {
            if (isFaulty) source.Break(name, now, now.AddMinutes(RolloutMinutes + MinutesUntilReaction));
            Refuse(await service.BeginAsync(new BeginCommand { Target = name, ToVersion = $"1.{round}", Phase = Phase.Upgrading, Supersede = true }, CancellationToken.None).ConfigureAwait(false));
            return;
        }

        if (service.Newest(name) is not { } upgrade || (minute != RolloutMinutes && minute != RolloutMinutes + MinutesUntilReaction)) return;
        if (minute == RolloutMinutes) await MoveAsync(service, upgrade, Phase.PostUpgrade).ConfigureAwait(false);
        else if (isFaulty && number % 2 == 0) await RollBackAsync(service, upgrade).ConfigureAwait(false);
        else if (isFaulty) await AcknowledgeAsync(service, upgrade).ConfigureAwait(false);
    }

    private static async Task RollBackAsync(UpgradeService service, Upgrade upgrade)
    {
        await MoveAsync(service, upgrade, Phase.RollingBack).ConfigureAwait(false);
        await MoveAsync(service, upgrade, Phase.RolledBack).ConfigureAwait(false);
    }

    private static async Task AcknowledgeAsync(UpgradeService service, Upgrade upgrade) => Refuse(await service.AcknowledgeAsync(
        upgrade.Id, new AcknowledgeCommand { Sli = "error-ratio", Reason = "it is known" }, CancellationToken.None).ConfigureAwait(false));

    private static async Task MoveAsync(UpgradeService service, Upgrade upgrade, Phase phase) =>
        Refuse(await service.AdvanceAsync(upgrade.Id, new AdvanceCommand { Phase = phase, Reason = "as planned" }, CancellationToken.None).ConfigureAwait(false));

    private static void Refuse(CommandResult result)
    {
        if (result.Refusal is { } refusal) throw new InvalidOperationException($"The soak was refused what it planned: {refusal.Detail}");
    }
}
