using Microsoft.Data.Sqlite;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Tables;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>What the active instance has open: the lock, a connection that writes and one that reads.</summary>
internal sealed class ActiveStore(StoreLock storeLock, GuardedConnection writer, GuardedConnection reader, string path, StoreLease lease) : IAsyncDisposable
{
    private const string ReadNumber = "SELECT number FROM lease";

    /// <summary>The lease under which it was opened.</summary>
    public StoreLease Lease => lease;

    /// <summary>The connection that writes.</summary>
    public GuardedConnection Writer => writer;

    /// <summary>The connection that reads.</summary>
    public GuardedConnection Reader => reader;

    /// <summary>Opens it for who has the lock.</summary>
    /// <exception cref="StoreException">It cannot be used; the lock is free again.</exception>
    public static ActiveStore Open(StoreLock storeLock, StoreFile file, string name, DateTimeOffset now)
    {
        SqliteConnection? writer = null;
        try
        {
            writer = file.OpenWriter();
            var lease = new StoreLease(LeaseRole.Active, name, now, writer.Scalar<long>(ReadNumber) + 1);
            return new ActiveStore(storeLock, new(writer, file.Path), new(file.OpenReader(), file.Path), file.Path, lease);
        }
        catch (Exception error)
        {
            writer?.Dispose();
            storeLock.Dispose();
            if (error is SqliteException refused) throw SqliteErrors.ToStoreException(refused, file.Path);
            if (error is IOException or UnauthorizedAccessException) throw SqliteErrors.ToStoreException(error, file.Path);
            throw;
        }
    }

    /// <summary>Runs some work in one transaction, if this instance still is the active one.</summary>
    /// <exception cref="StoreException">It failed, or another instance has become active; nothing of it was done.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellationToken) => writer.WriteAsync(
        connection =>
        {
            Own(connection);
            return write(connection);
        },
        cancellationToken);

    /// <summary>Whether another instance has entered the store although this one holds the lock.</summary>
    public Task<bool> IsLostAsync(CancellationToken cancellationToken) => reader.RunAsync(connection => !IsOwn(connection.Scalar<long>(ReadNumber)), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync().ConfigureAwait(false);
        await writer.DisposeAsync().ConfigureAwait(false);
        storeLock.Dispose();
    }

    // It is entered with the first write that the disk has room for: a full disk must not keep it from judging.
    private void Own(SqliteConnection connection)
    {
        var number = connection.Scalar<long>(ReadNumber);
        if (number == lease.Number) return;
        if (!IsOwn(number))
        {
            throw new StoreException(StoreFailure.NotActive, $"Another UpgradeWatch has become the active one on the store '{path}' (lease {number} after {lease.Number}).");
        }

        connection.Execute(
            "UPDATE lease SET number = @number, holder = @holder, since = @since",
            ("@number", lease.Number), ("@holder", lease.Holder), ("@since", lease.Since!.Value.UtcTicks));
    }

    private bool IsOwn(long number) => number == lease.Number || number == lease.Number - 1;
}
