using UpgradeWatch.Engine.Events;

namespace UpgradeWatch.Engine.Upgrades;

/// <summary>
/// The upgrades in motion: takes commands and the results of evaluations, one after the other, stores each change
/// with what it causes in one transaction, and then shows it. Safe for concurrent use.
/// </summary>
public sealed class UpgradeService
{
    private Action<EngineEvent>? _published;

    /// <summary>Opens an upgrade; the same idempotency key with the same request gives the same upgrade again.</summary>
    public Task<CommandResult> BeginAsync(BeginCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Moves an upgrade to another phase; the same move twice changes nothing.</summary>
    public Task<CommandResult> AdvanceAsync(string upgradeId, AdvanceCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Changes a checklist item.</summary>
    public Task<CommandResult> ChangeItemAsync(string upgradeId, string itemId, ChecklistCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>One upgrade as it is now; null when there is none.</summary>
    public ValueTask<Upgrade?> FindAsync(string upgradeId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>The newest upgrade of a target (open or not); null when it never had one.</summary>
    public Upgrade? Newest(string target) => throw new NotSupportedException();

    /// <summary>Upgrades, newest first.</summary>
    public Task<IReadOnlyList<Upgrade>> ListAsync(string? target, Phase? phase, int limit, string? beforeId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Raised for every stored event, in order, after the change can be seen. Handlers must be quick and not throw.</summary>
    public event Action<EngineEvent>? Published
    {
        add => _published += value;
        remove => _published -= value;
    }

    /// <summary>
    /// A copy of the upgrade whose verdict is as it is to be answered at this moment: <c>inconclusive: stale</c> when it was
    /// not evaluated for too long.
    /// </summary>
    public Upgrade AsReadNow(Upgrade upgrade) => throw new NotSupportedException();
}
