using System.Data.Common;
using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Storage.Tables;

/// <summary>What the stores have in common: the same tables, read and written by the same statements.</summary>
public abstract class TableStore : IUpgradeStore
{
    // So much goes in one transaction: a change that somebody waits for comes between two of them.
    private const int PruneAtOnce = 50;

    /// <inheritdoc/>
    public virtual StoreLease Lease => StoreLease.Alone;

    private protected TableStore()
    {
    }

    /// <summary>Asks for the newest event number that was ever given, also when its event has been pruned.</summary>
    private protected abstract string LastEventId { get; }

    /// <inheritdoc/>
    public virtual Task<StoreLease> RenewLeaseAsync(CancellationToken cancellationToken) => Task.FromResult(Lease);

    /// <inheritdoc/>
    public Task<SavedChange> SaveAsync(StoreChange change, CancellationToken cancellationToken) => WriteAsync(
        connection =>
        {
            foreach (var upgrade in change.Upgrades)
            {
                UpgradeTable.Save(connection, upgrade);
            }

            if (change.Baseline is not null) UpgradeTable.SaveBaseline(connection, change.Upgrades[0].Id, change.Baseline);
            if (change.History is not null) HistoryTable.Save(connection, change.Upgrades[0].Id, change.History);
            if (change.Idempotency is not null) UpgradeTable.SaveIdempotency(connection, change.Idempotency);
            return new SavedChange(
                [.. change.Outbox.Select(entry => OutboxTable.Add(connection, entry))],
                [.. change.Events.Select(added => EventTable.Add(connection, added))]);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Upgrade>> LoadCurrentAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Upgrade>>(UpgradeTable.Current, cancellationToken);

    /// <inheritdoc/>
    public Task<Upgrade?> FindAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync(connection => UpgradeTable.Find(connection, id), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Upgrade>> ListAsync(string? target, Phase? phase, int limit, string? beforeId, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Upgrade>>(connection => UpgradeTable.List(connection, target, phase, limit, beforeId), cancellationToken);

    /// <inheritdoc/>
    public Task<IdempotencyRecord?> FindIdempotencyAsync(string key, CancellationToken cancellationToken) =>
        ReadAsync(connection => UpgradeTable.FindIdempotency(connection, key), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EngineEvent>> EventsAfterAsync(long id, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<EngineEvent>>(connection => EventTable.After(connection, id, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<long> LastEventIdAsync(CancellationToken cancellationToken) =>
        ReadAsync(connection => connection.Scalar<long>(LastEventId), cancellationToken);

    /// <inheritdoc/>
    public Task<StepBlock?> LoadBaselineAsync(string upgradeId, CancellationToken cancellationToken) =>
        ReadAsync(connection => UpgradeTable.FindBaseline(connection, upgradeId), cancellationToken);

    /// <inheritdoc/>
    public Task<FrozenHistory?> LoadHistoryAsync(string upgradeId, CancellationToken cancellationToken) =>
        ReadAsync(connection => HistoryTable.Find(connection, upgradeId), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OutboxEntry>> PendingOutboxAsync(string sink, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<OutboxEntry>>(connection => OutboxTable.Pending(connection, sink, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, int>> CountOutboxAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyDictionary<string, int>>(OutboxTable.Count, cancellationToken);

    /// <inheritdoc/>
    public Task UpdateOutboxAsync(OutboxEntry entry, CancellationToken cancellationToken) =>
        WriteAsync(connection => OutboxTable.Update(connection, entry), cancellationToken);

    /// <inheritdoc/>
    public Task<int> ReopenOutboxAsync(string sink, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(connection => OutboxTable.Reopen(connection, sink, since, now), cancellationToken);

    /// <inheritdoc/>
    public Task SaveStepsAsync(string target, StepBlock steps, CancellationToken cancellationToken) => WriteAsync(
        connection =>
        {
            StepTable.Save(connection, target, steps);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StepBlock>> LoadStepsAsync(string target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StepBlock>>(connection => StepTable.Load(connection, target, from, until), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SeenRollout>> LoadRolloutsAsync(string target, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<SeenRollout>>(connection => RolloutTable.Load(connection, target), cancellationToken);

    /// <inheritdoc/>
    public Task SaveRolloutAsync(SeenRollout seen, CancellationToken cancellationToken) =>
        WriteAsync(connection => RolloutTable.Save(connection, seen), cancellationToken);

    /// <inheritdoc/>
    public async Task PruneAsync(DateTimeOffset stepsBefore, DateTimeOffset upgradesBefore, CancellationToken cancellationToken)
    {
        await PruneAllAsync(connection => StepTable.Prune(connection, stepsBefore, PruneAtOnce), cancellationToken).ConfigureAwait(false);
        await PruneAllAsync(connection => HistoryTable.Prune(connection, stepsBefore, PruneAtOnce), cancellationToken).ConfigureAwait(false);
        await PruneAllAsync(connection => UpgradeTable.Prune(connection, upgradesBefore, PruneAtOnce), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Reads.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    private protected abstract Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken);

    /// <summary>Writes in one transaction, one caller after the other.</summary>
    /// <exception cref="StoreException">It failed; nothing of it was done.</exception>
    private protected abstract Task<T> WriteAsync<T>(Func<DbConnection, T> write, CancellationToken cancellationToken);

    private async Task PruneAllAsync(Func<DbConnection, int> prune, CancellationToken cancellationToken)
    {
        while (await WriteAsync(prune, cancellationToken).ConfigureAwait(false) == PruneAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
