using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Tables;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>
/// The store in one SQLite file with a write-ahead log: every commit is flushed to the disk before the call returns.
/// One process at a time is active on a store.
/// </summary>
public sealed class SqliteStore : TableStore
{
    private readonly StoreLock _lock;
    private readonly GuardedConnection _writer;
    private readonly GuardedConnection _reader;
    private bool _disposed;

    private SqliteStore(StoreLock storeLock, GuardedConnection writer, GuardedConnection reader) =>
        (_lock, _writer, _reader) = (storeLock, writer, reader);

    /// <summary>The connection that writes, for tests that bring it into trouble.</summary>
    internal GuardedConnection Writer => _writer;

    private protected override string LastEventId => "SELECT seq FROM sqlite_sequence WHERE name = 'events'";

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
        OpenAsync(path, Migration.BuiltIn("Sqlite"), time, logger, cancellationToken);

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

    /// <summary>Closes the file and lets another process have it.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _reader.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        _lock.Dispose();
    }

    private protected override Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken) => _reader.RunAsync(read, cancellationToken);

    private protected override Task<T> WriteAsync<T>(Func<DbConnection, T> write, CancellationToken cancellationToken) => _writer.WriteAsync(write, cancellationToken);
}
