using Microsoft.Data.Sqlite;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>A connection that one caller uses at a time, and whose errors are the store's.</summary>
internal sealed class GuardedConnection(SqliteConnection connection, string path) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _closed;

    /// <summary>Runs some work alone.</summary>
    /// <exception cref="StoreException">The work failed; nothing of it was done.</exception>
    public async Task<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_closed) throw new StoreException(StoreFailure.NotActive, $"The store '{path}' has been closed; ask again in a moment.");
            return work(connection);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.ToStoreException(error, path);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs some work alone in one transaction that holds the write lock from its beginning.</summary>
    /// <exception cref="StoreException">The work failed; nothing of it was done.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken) =>
        RunAsync(
            open =>
            {
                using var transaction = open.BeginTransaction(deferred: false);
                var result = work(open);
                transaction.Commit();
                return result;
            },
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        _closed = true;
        await connection.DisposeAsync().ConfigureAwait(false);
        _gate.Release();
    }
}
