using System.Data.Common;
using Microsoft.Extensions.Logging;
using Npgsql;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Tables;

namespace UpgradeWatch.Storage.Postgres;

/// <summary>
/// The store in a PostgreSQL database. Several instances can open it; one of them holds the lease and writes, the others
/// read.
/// </summary>
public sealed partial class PostgresStore : TableStore
{
    /// <summary>An active instance that has asked nothing for so long is taken to be gone.</summary>
    private static readonly TimeSpan UsualSilence = TimeSpan.FromSeconds(15);

    /// <summary>Who ends does not wait for a database that hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly PostgresAccess _access;
    private readonly PostgresMigrator _migrator;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _name;
    private readonly TimeSpan _silence;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private LeaseSession? _session;
    private int _lockedBy;
    private bool _isUncertain;
    private volatile bool _isClosed;
    private volatile string? _unreadable;
    private volatile StoreLease _lease = new(LeaseRole.Standby, null, null, 0);

    private PostgresStore(PostgresOptions options, string name, IReadOnlyList<Migration> migrations, TimeSpan silence, TimeProvider time, ILogger logger)
    {
        (_name, _silence, _time, _logger) = (name, silence, time, logger);
        _access = new PostgresAccess(options);
        _migrator = new PostgresMigrator(migrations, _access, time, logger);
    }

    /// <inheritdoc/>
    public override StoreLease Lease => _lease;

    private protected override string LastEventId => "SELECT last FROM numbers WHERE name = 'events'";

    /// <summary>
    /// Opens the store. When no other instance is active, this one becomes so, and the tables are made or brought up to
    /// date; otherwise it is on standby.
    /// </summary>
    /// <param name="options">Where it is.</param>
    /// <param name="name">How the others call this instance, for instance host and process id.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told about migrations and the lease.</param>
    /// <param name="cancellationToken">Ends the waiting for the first answer.</param>
    /// <exception cref="StoreException">It cannot be reached, is of a newer version, or refuses this user.</exception>
    public static Task<PostgresStore> OpenAsync(PostgresOptions options, string name, TimeProvider time, ILogger logger, CancellationToken cancellationToken) =>
        OpenAsync(options, name, Migration.BuiltIn("Postgres"), UsualSilence, time, logger, cancellationToken);

    internal static async Task<PostgresStore> OpenAsync(
        PostgresOptions options, string name, IReadOnlyList<Migration> migrations, TimeSpan silence, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var store = new PostgresStore(options, name, migrations, silence, time, logger);
        try
        {
            await store.RenewLeaseAsync(cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public override Task<StoreLease> RenewLeaseAsync(CancellationToken cancellationToken) => AloneAsync(
        () =>
        {
            if (_lease.Role == LeaseRole.Lost) return _lease;
            _session ??= new LeaseSession(_access.Open(), _access);
            // One that has the lock and could not enter yet, because the database takes no change, has still to do so.
            _lease = _session.HasLock && _lease.IsHeld ? Confirm(_session) : Take(_session);
            return _lease;
        },
        cancellationToken);

    /// <summary>Closes all connections; the lease is free at once, or as soon as what the database still hangs over has ended.</summary>
    public override async ValueTask DisposeAsync()
    {
        _isClosed = true;
        if (await _gate.WaitAsync(Patience).ConfigureAwait(false))
        {
            Drop();
            _gate.Release();
        }

        await _access.DisposeAsync().ConfigureAwait(false);
    }

    private protected override Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken) => OnThread(
        () =>
        {
            if (_unreadable is { } reason) throw new StoreException(StoreFailure.NotActive, reason);
            try
            {
                return Read(read);
            }
            catch (NpgsqlException error) when (error.IsTransient)
            {
                // Connections that lay idle while the server was started again.
                _access.ForgetIdle();
                return Read(read);
            }
        },
        cancellationToken);

    private protected override Task<T> WriteAsync<T>(Func<DbConnection, T> write, CancellationToken cancellationToken) => AloneAsync(
        () =>
        {
            var (lease, session) = (_lease, _session);
            if (!lease.IsHeld) throw new StoreException(StoreFailure.NotActive, lease.Refusal);
            if (session is not { HasLock: true } || _isUncertain) throw new StoreException(StoreFailure.Other, $"The store in {_access.Place} cannot be reached at the moment.");
            using var transaction = session.Connection.BeginTransaction();
            session.Check(lease);
            var result = Write(write, session.Connection);
            Commit(transaction);
            return result;
        },
        cancellationToken);

    // A replica that became the server may lack the newest commits: what is remembered must then be read anew.
    private T Write<T>(Func<DbConnection, T> write, NpgsqlConnection connection)
    {
        try
        {
            return write(connection);
        }
        catch (StoreException different) when (different.Failure == StoreFailure.Different)
        {
            _isUncertain = true;
            throw;
        }
    }

    // A commit without an answer may have been carried out: what is remembered must then be read anew.
    private void Commit(NpgsqlTransaction transaction)
    {
        _isUncertain = true;
        try
        {
            transaction.Commit();
        }
        catch (PostgresException refused) when (refused.InvariantSeverity == "ERROR")
        {
            _isUncertain = false;
            throw;
        }

        _isUncertain = false;
    }

    private StoreLease Confirm(LeaseSession session)
    {
        var asked = _time.GetTimestamp();
        var (number, holder, since) = session.Read();
        return number == _lease.Number && !_isUncertain ? _lease with { ConfirmedAt = asked } : Lose(number, holder, since);
    }

    private StoreLease Take(LeaseSession session)
    {
        var version = _migrator.Version(session.Connection);
        var asked = _time.GetTimestamp();
        if (session.TryLock()) return Enter(session, asked);
        _unreadable = version < _migrator.Newest
            ? $"The store in {_access.Place} has version {version} and is brought to version {_migrator.Newest} as soon as the UpgradeWatch that is active on it has stopped."
            : null;
        if (version == 0) return _lease;
        var (number, holder, since) = session.Read();
        if (_lease.IsHeld)
        {
            if (number != _lease.Number) return Lose(number, holder, since);
            // The lock is this instance's own, of a session that broke and that the server has not noticed yet.
            session.EndSilentHolder(TimeSpan.Zero, _lockedBy);
            return _lease;
        }

        if (session.EndSilentHolder(_silence)) Log.HolderEnded(_logger, holder, _silence.TotalSeconds);
        return new StoreLease(LeaseRole.Standby, holder, since, number);
    }

    private StoreLease Enter(LeaseSession session, long asked)
    {
        _migrator.Run(session.Connection);
        _unreadable = null;
        _lockedBy = session.ProcessId;
        var (number, holder, since) = session.Read();
        if (_lease.IsHeld)
        {
            return number == _lease.Number && !_isUncertain ? _lease with { ConfirmedAt = asked } : Lose(number, holder, since);
        }

        var now = _time.GetUtcNow();
        var entered = session.Enter(_name, now);
        Log.Entered(_logger, _name, entered, holder.Length > 0 ? holder : "nobody");
        return new StoreLease(LeaseRole.Active, _name, now, entered) { SureFor = _silence * (2.0 / 3), ConfirmedAt = asked };
    }

    private StoreLease Lose(long number, string holder, DateTimeOffset since)
    {
        Log.Lost(_logger, _name, holder);
        Drop();
        return new StoreLease(LeaseRole.Lost, holder, since, number);
    }

    private T Read<T>(Func<DbConnection, T> read)
    {
        using var connection = _access.Open();
        return read(connection);
    }

    private void Drop()
    {
        _session?.Dispose();
        _session = null;
    }

    private async Task<T> AloneAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await OnThread(work, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException) when (_session is { Connection.State: not System.Data.ConnectionState.Open })
        {
            Drop();
            throw;
        }
        finally
        {
            if (_isClosed) Drop();
            _gate.Release();
        }
    }

    // On a thread of its own: a database that does not answer must not hold up the threads that answer requests.
    private Task<T> OnThread<T>(Func<T> work, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            try
            {
                return work();
            }
            catch (Exception error) when (PostgresErrors.IsTrouble(error))
            {
                throw PostgresErrors.ToStoreException(error, _access.Place);
            }
        },
        cancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private static partial class Log
    {
        [LoggerMessage(EventId = 405, Level = LogLevel.Information, Message = "{Name} is the active instance now (lease {Number}, after {Before})")]
        public static partial void Entered(ILogger logger, string name, long number, string before);

        [LoggerMessage(EventId = 406, Level = LogLevel.Warning, Message = "The active instance {Holder} has been silent for {Seconds} s: its session was ended")]
        public static partial void HolderEnded(ILogger logger, string holder, double seconds);

        [LoggerMessage(EventId = 407, Level = LogLevel.Warning, Message = "{Name} is not the active instance any more: {Holder} has taken over, or a change is in doubt")]
        public static partial void Lost(ILogger logger, string name, string holder);
    }
}
