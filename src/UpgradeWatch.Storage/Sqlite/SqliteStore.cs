using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>
/// The store in one SQLite file with a write-ahead log: every commit is flushed to the disk before the call returns.
/// One process at a time is active on a store.
/// </summary>
public sealed class SqliteStore : IUpgradeStore
{
    private readonly StoreLock _lock;
    private readonly GuardedConnection _writer;
    private readonly GuardedConnection _reader;
    private bool _disposed;

    private SqliteStore(StoreLock storeLock, GuardedConnection writer, GuardedConnection reader) =>
        (_lock, _writer, _reader) = (storeLock, writer, reader);

    /// <summary>The connection that writes, for tests that bring it into trouble.</summary>
    internal GuardedConnection Writer => _writer;

    /// <summary>
    /// Opens the store at a path and brings it up to date, or makes a new one. A damaged one is set aside beside it
    /// under another name, and a new one is begun.
    /// </summary>
    /// <param name="path">The file; its folder is made when it is missing.</param>
    /// <param name="time">For the names of copies.</param>
    /// <param name="logger">Told about migrations and damage.</param>
    /// <param name="cancellationToken">Not looked at once the file is open.</param>
    /// <exception cref="StoreException">It is in use (<see cref="StoreFailure.Locked"/>), newer, read-only, full, or not a store.</exception>
    public static Task<SqliteStore> OpenAsync(string path, TimeProvider time, ILogger logger, CancellationToken cancellationToken) =>
        OpenAsync(path, Migration.BuiltIn(), time, logger, cancellationToken);

    internal static Task<SqliteStore> OpenAsync(
        string path, IReadOnlyList<Migration> migrations, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        path = Path.GetFullPath(path);
        var storeLock = StoreLock.Take(path);
        SqliteConnection? writer = null;
        try
        {
            var file = new StoreFile(path, migrations, time, logger);
            writer = file.OpenWriter();
            return Task.FromResult(new SqliteStore(storeLock, new(writer, path), new(file.OpenReader(), path)));
        }
        catch (Exception error)
        {
            writer?.Dispose();
            storeLock.Dispose();
            if (error is SqliteException refused) throw SqliteErrors.ToStoreException(refused, path);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<SavedChange> SaveAsync(StoreChange change, CancellationToken cancellationToken) => _writer.WriteAsync(
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
    public Task<long> LastEventIdAsync(CancellationToken cancellationToken) => ReadAsync(EventTable.LastId, cancellationToken);

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
        _writer.WriteAsync(connection => OutboxTable.Update(connection, entry), cancellationToken);

    /// <inheritdoc/>
    public Task SaveStepsAsync(string target, StepBlock steps, CancellationToken cancellationToken) =>
        _writer.WriteAsync(connection => StepTable.Save(connection, target, steps), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StepBlock>> LoadStepsAsync(string target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StepBlock>>(connection => StepTable.Load(connection, target, from, until), cancellationToken);

    /// <inheritdoc/>
    public Task PruneAsync(DateTimeOffset stepsBefore, DateTimeOffset upgradesBefore, CancellationToken cancellationToken) => _writer.WriteAsync(
        connection =>
        {
            StepTable.Prune(connection, stepsBefore);
            HistoryTable.Prune(connection, stepsBefore);
            UpgradeTable.Prune(connection, upgradesBefore);
        },
        cancellationToken);

    /// <summary>Closes the file and lets another process have it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _reader.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        _lock.Dispose();
    }

    private Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken) => _reader.RunAsync(read, cancellationToken);
}
