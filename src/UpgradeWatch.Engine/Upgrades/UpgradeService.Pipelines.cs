using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Pipelines;

namespace UpgradeWatch.Engine.Upgrades;

/// <content>What the tools say that roll versions out.</content>
public sealed partial class UpgradeService
{
    // A tool that speaks of a change that lies further back speaks of nothing that anybody watches.
    private const int MostEarlier = 20;

    /// <summary>
    /// Opens, adopts or moves the upgrade that a tool speaks of; the same step again changes nothing, one that was overtaken
    /// neither. Moves that the tool does not tell are made on the way.
    /// </summary>
    public Task<CommandResult> FollowAsync(PipelineStep step, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            IReadOnlyList<Upgrade> earlier = step.LooksBack && !_current.Values.Any(upgrade => PipelineRules.IsOf(upgrade, step.Change))
                ? await store.ListAsync(step.Target, null, MostEarlier, null, cancellationToken).ConfigureAwait(false)
                : [];
            var decision = PipelineRules.Decide(step, [.. _current.Values], earlier);
            return decision.Action switch
            {
                PipelineAction.Refuse => CommandResult.Refused(decision.Refusal!),
                PipelineAction.Move => await MoveAlongAsync(decision.Upgrade!, step, decision.To, cancellationToken).ConfigureAwait(false),
                PipelineAction.Adopt => await MoveAlongAsync(await AdoptAsync(decision.Upgrade!, step, cancellationToken).ConfigureAwait(false), step, decision.To, cancellationToken).ConfigureAwait(false),
                _ => await OpenAsync(step, cancellationToken).ConfigureAwait(false),
            };
        },
        cancellationToken);

    private async Task<CommandResult> OpenAsync(PipelineStep step, CancellationToken cancellationToken)
    {
        var newest = Newest(step.Target);
        var seen = newest is null ? await store.LoadRolloutsAsync(step.Target, cancellationToken).ConfigureAwait(false) : [];
        var command = PipelineRules.Begin(step, newest, seen, options.Checklist.Enforce);
        if (BeginRules.Check(command, options, time.GetUtcNow()) is { } refusal) return CommandResult.Refused(refusal);
        var opened = await OpenAsync(command, hash: null, cancellationToken).ConfigureAwait(false);
        return opened.Upgrade is { } upgrade && upgrade.Phase != step.Phase
            ? await MoveAlongAsync(upgrade, step, step.Phase, cancellationToken).ConfigureAwait(false)
            : opened;
    }

    private async Task<Upgrade> AdoptAsync(Upgrade upgrade, PipelineStep step, CancellationToken cancellationToken)
    {
        var change = ChangeOf(upgrade);
        change.Set(one => PipelineRules.Named(one, step.Change));
        change.Note(step.By, "pipeline", step.Change.ToString());
        await CommitAsync([change], null, cancellationToken).ConfigureAwait(false);
        LogAdopted(upgrade.Target, upgrade.Id, step.Change.ToString());
        return change.Upgrade;
    }

    private async Task<CommandResult> MoveAlongAsync(Upgrade upgrade, PipelineStep step, Phase? to, CancellationToken cancellationToken)
    {
        if (to is not { } phase || PipelineRules.HasPassed(upgrade, phase)) return CommandResult.Done(upgrade, changed: false);
        var way = PipelineRules.Way(upgrade, phase);
        if (way.Count == 0) return CommandResult.Refused(PhaseMachine.Check(upgrade.Phase, phase)!);
        var result = CommandResult.Done(upgrade, changed: false);
        foreach (var next in way)
        {
            result = await MoveAsync(result.Upgrade!, PipelineRules.Advance(step, result.Upgrade!, next), cancellationToken).ConfigureAwait(false);
            if (result.Refusal is not null) return result;
        }

        return result;
    }

    [LoggerMessage(8, LogLevel.Information, "upgrade taken over target={Target} upgrade={Upgrade} pipeline=\"{Pipeline}\"")]
    private partial void LogAdopted(string target, string upgrade, string pipeline);
}
