using Npgsql;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Tables;

namespace UpgradeWatch.Storage.Postgres;

/// <summary>
/// The one session that writes. It holds an advisory lock of the database, which ends with the session: whoever has
/// lost it has also lost the session, and can write nothing any more.
/// </summary>
internal sealed class LeaseSession(NpgsqlConnection connection, PostgresAccess access) : IDisposable
{
    // Advisory locks are told apart by two numbers: this program's ("UpWa"), and the schema's.
    private const int LockClass = 0x55705761;

    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection => connection;

    /// <summary>The number of the server's process that serves it.</summary>
    public int ProcessId => connection.ProcessID;

    /// <summary>Whether it has taken the lock.</summary>
    public bool HasLock { get; private set; }

    /// <summary>Takes the lock when it is free.</summary>
    public bool TryLock() => HasLock = connection.Scalar<bool>(
        "SELECT pg_try_advisory_lock(@class, hashtext(@schema))", ("@class", LockClass), ("@schema", access.Schema));

    /// <summary>
    /// Ends a session that has the lock and has asked nothing for a time: its program hangs, is held, or cannot reach the
    /// server any more. Only sessions of the same user can be ended.
    /// </summary>
    /// <param name="silence">How long it must have been silent.</param>
    /// <param name="processId">The session, or null for whichever has the lock.</param>
    public bool EndSilentHolder(TimeSpan silence, int? processId = null) => connection.Query(
        row => row.GetBoolean(0),
        """
        SELECT pg_terminate_backend(l.pid)
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND l.classid::bigint = @class AND l.objid::bigint = hashtext(@schema)::bigint & 4294967295
          AND clock_timestamp() - a.state_change > make_interval(secs => @silence) AND (@anybody OR l.pid = @pid)
        """,
        ("@class", LockClass),
        ("@schema", access.Schema),
        ("@silence", silence.TotalSeconds),
        ("@anybody", processId is null),
        ("@pid", processId ?? 0)).Contains(true);

    /// <summary>Who is active, as the store says.</summary>
    public (long Number, string Holder, DateTimeOffset Since) Read() =>
        connection.Query(row => (row.GetInt64(0), row.Text(1), row.Time(2)), "SELECT number, holder, since FROM lease").Single();

    /// <summary>Writes that another instance is active from now on, and gives its number.</summary>
    public long Enter(string holder, DateTimeOffset now) => connection.Scalar<long>(
        "UPDATE lease SET number = number + 1, holder = @holder, since = @since RETURNING number", ("@holder", holder), ("@since", now.UtcTicks));

    /// <summary>
    /// Refuses to go on when the number in the store is not the writer's own; held until the end of the transaction, so
    /// that nobody becomes active meanwhile.
    /// </summary>
    /// <exception cref="StoreException">Another instance has become active.</exception>
    public void Check(StoreLease lease)
    {
        var number = connection.Scalar<long>("SELECT number FROM lease FOR SHARE");
        if (number != lease.Number)
        {
            throw new StoreException(StoreFailure.NotActive, $"Another UpgradeWatch has become the active one on the store in {access.Place} (lease {number} after {lease.Number}).");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Back in the pool it would keep the lock.
        if (HasLock) NpgsqlConnection.ClearPool(connection);
        connection.Dispose();
    }
}
