using System.Data.Common;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Tables;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>
/// The store in one SQLite file with a write-ahead log: every commit is flushed to the disk before the call returns.
/// Several processes on one machine can open it; the one that holds the lock beside the file writes, the others read.
/// </summary>
public sealed partial class SqliteStore : TableStore
{
    private readonly StoreFile _file;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile ActiveStore? _active;
    private volatile StoreLease _lease = new(LeaseRole.Standby, null, null, 0);
    private bool _disposed;

    private SqliteStore(StoreFile file, string name, TimeProvider time, ILogger logger) => (_file, _name, _time, _logger) = (file, name, time, logger);

    /// <inheritdoc/>
    public override StoreLease Lease => _lease;

    /// <summary>The connection that writes, for tests that bring it into trouble.</summary>
    internal GuardedConnection Writer => _active!.Writer;

    private protected override string LastEventId => "SELECT seq FROM sqlite_sequence WHERE name = 'events'";

    /// <summary>
    /// Opens the store at a path. When no other process is active on it, this one becomes so and brings it up to date, or
    /// makes a new one (a damaged one is set aside beside it under another name); otherwise it is on standby.
    /// </summary>
    /// <param name="path">The file; its folder is made when it is missing.</param>
    /// <param name="name">How the others call this instance, for instance host and process id.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told about migrations, damage and the lease.</param>
    /// <param name="cancellationToken">Not looked at once the file is open.</param>
    /// <exception cref="StoreException">It is newer, read-only, full, or not a store.</exception>
    public static Task<SqliteStore> OpenAsync(string path, string name, TimeProvider time, ILogger logger, CancellationToken cancellationToken) =>
        OpenAsync(path, name, Migration.BuiltIn("Sqlite"), time, logger, cancellationToken);

    internal static async Task<SqliteStore> OpenAsync(
        string path, string name, IReadOnlyList<Migration> migrations, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var store = new SqliteStore(new StoreFile(Path.GetFullPath(path), migrations, time, logger), name, time, logger);
        await store.RenewLeaseAsync(cancellationToken).ConfigureAwait(false);
        return store;
    }

    /// <inheritdoc/>
    public override async Task<StoreLease> RenewLeaseAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_disposed || _lease.Role == LeaseRole.Lost) return _lease;
            if (_active is { } active) await ConfirmAsync(active, cancellationToken).ConfigureAwait(false);
            else if (StoreLock.TryTake(_file.Path) is { } taken) await EnterAsync(taken, cancellationToken).ConfigureAwait(false);
            else _lease = _file.ReadLease();
            return _lease;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Closes the file and lets another process have it.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            _disposed = true;
            await CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private protected override Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken) =>
        _active is { } active ? active.Reader.RunAsync(read, cancellationToken) : Task.Run(() => _file.ReadOnStandby(read), cancellationToken);

    private protected override Task<T> WriteAsync<T>(Func<DbConnection, T> write, CancellationToken cancellationToken) =>
        _active is { } active ? active.WriteAsync(write, cancellationToken) : throw new StoreException(StoreFailure.NotActive, _lease.Refusal);

    private async Task EnterAsync(StoreLock taken, CancellationToken cancellationToken)
    {
        var active = ActiveStore.Open(taken, _file, _name, _time.GetUtcNow());
        var before = _lease.Holder;
        (_active, _lease) = (active, active.Lease);
        if (before is not null) Log.TookOver(_logger, _name, active.Lease.Number, before);
        try
        {
            await active.WriteAsync(_ => true, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException trouble) when (trouble.Failure is StoreFailure.Full or StoreFailure.ReadOnly or StoreFailure.Locked)
        {
            Log.NotEntered(_logger, _name, trouble.Message);
        }
    }

    private async Task ConfirmAsync(ActiveStore active, CancellationToken cancellationToken)
    {
        try
        {
            if (!await active.IsLostAsync(cancellationToken).ConfigureAwait(false)) return;
        }
        catch (StoreException)
        {
            // Whoever needs the store says what is wrong with it. The lock is held all the same.
            return;
        }

        await CloseAsync().ConfigureAwait(false);
        _lease = _file.ReadLease() with { Role = LeaseRole.Lost };
        Log.Lost(_logger, _name, _lease.Holder);
    }

    private async Task CloseAsync()
    {
        if (_active is not { } active) return;
        _active = null;
        await active.DisposeAsync().ConfigureAwait(false);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 411, Level = LogLevel.Information, Message = "{Name} is the active instance now (lease {Number}, after {Before})")]
        public static partial void TookOver(ILogger logger, string name, long number, string before);

        [LoggerMessage(EventId = 412, Level = LogLevel.Warning, Message = "{Name} is active, and could not write its name into the store: {Reason}")]
        public static partial void NotEntered(ILogger logger, string name, string reason);

        [LoggerMessage(EventId = 413, Level = LogLevel.Warning, Message = "{Name} is not the active instance any more: {Holder} has entered the store although its lock was held; was the lock file deleted?")]
        public static partial void Lost(ILogger logger, string name, string? holder);
    }
}
