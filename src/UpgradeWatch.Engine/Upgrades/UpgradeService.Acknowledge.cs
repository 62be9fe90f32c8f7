using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Upgrades;

/// <content>What people say about single findings.</content>
public sealed partial class UpgradeService
{
    /// <summary>Takes one SLI out of deciding an upgrade; the same again changes nothing.</summary>
    public Task<CommandResult> AcknowledgeAsync(string upgradeId, AcknowledgeCommand command, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            if (await FindAsync(upgradeId, cancellationToken).ConfigureAwait(false) is not { } upgrade) return NoSuchUpgrade(upgradeId);
            var now = time.GetUtcNow();
            if ((AcknowledgeRules.CheckSli(upgrade, command.Sli) ?? AcknowledgeRules.Check(command, now)) is { } refusal) return CommandResult.Refused(refusal);
            if (upgrade.AcknowledgementOf(command.Sli, now) is { } said && said.Reason == command.Reason && said.Until == command.Until) return CommandResult.Done(upgrade, changed: false);
            var change = ChangeOf(upgrade);
            AcknowledgeRules.Acknowledge(change, new Acknowledgement(command.Sli, command.Reason, now, command.By, command.Until), IsFresh(upgrade));
            await CommitAsync([change], null, cancellationToken).ConfigureAwait(false);
            LogAcknowledged(upgrade.Target, upgrade.Id, command.Sli, command.By ?? "unknown", command.Until is { } until ? MomentRules.Show(until) : "the end", command.Reason);
            return CommandResult.Done(change.Upgrade, changed: true);
        },
        cancellationToken);

    /// <summary>Has an SLI decide again that was acknowledged; when it was not, nothing changes.</summary>
    public Task<CommandResult> WithdrawAsync(string upgradeId, string sli, string? by, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            if (await FindAsync(upgradeId, cancellationToken).ConfigureAwait(false) is not { } upgrade) return NoSuchUpgrade(upgradeId);
            if (AcknowledgeRules.CheckSli(upgrade, sli) is { } refusal) return CommandResult.Refused(refusal);
            if (upgrade.AcknowledgementOf(sli, time.GetUtcNow()) is null) return CommandResult.Done(upgrade, changed: false);
            var change = ChangeOf(upgrade);
            AcknowledgeRules.Withdraw(change, sli, by, IsFresh(upgrade));
            await CommitAsync([change], null, cancellationToken).ConfigureAwait(false);
            LogWithdrawn(upgrade.Target, upgrade.Id, sli, by ?? "unknown");
            return CommandResult.Done(change.Upgrade, changed: true);
        },
        cancellationToken);

    private bool IsFresh(Upgrade upgrade) => ReferenceEquals(AsReadNow(upgrade), upgrade);

    [LoggerMessage(5, LogLevel.Information, "finding acknowledged target={Target} upgrade={Upgrade} sli={Sli} by={By} until={Until} reason=\"{Reason}\"")]
    private partial void LogAcknowledged(string target, string upgrade, string sli, string by, string until, string reason);

    [LoggerMessage(6, LogLevel.Information, "acknowledgement taken back target={Target} upgrade={Upgrade} sli={Sli} by={By}")]
    private partial void LogWithdrawn(string target, string upgrade, string sli, string by);
}
