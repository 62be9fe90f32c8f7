using Microsoft.Extensions.Logging.Abstractions;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Postgres;
using UpgradeWatch.TestKit.Postgres;

namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>A database that servers share, and that notes which of them wrote what in which order.</summary>
internal sealed class SharedDatabase : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly string _database;

    private SharedDatabase(PostgresServer server, string database) => (_server, _database) = (server, database);

    /// <summary>The value of <c>storage</c>.</summary>
    public string Storage => _server.StorageFor(_database);

    public static async Task<SharedDatabase> StartAsync()
    {
        var server = await PostgresServer.StartNewAsync();
        return new SharedDatabase(server, await server.CreateDatabaseAsync());
    }

    /// <summary>Notes each change from now on; the tables must be there.</summary>
    public async Task WatchWritersAsync()
    {
        await _server.ExecuteAsync(
            """
            CREATE TABLE public.written (id BIGSERIAL PRIMARY KEY, number BIGINT NOT NULL, pid INTEGER NOT NULL);
            CREATE FUNCTION public.note_writer() RETURNS TRIGGER LANGUAGE plpgsql SECURITY DEFINER SET search_path = upgradewatch AS $$
            BEGIN
                INSERT INTO public.written (number, pid) SELECT number, pg_backend_pid() FROM lease;
                RETURN NULL;
            END $$;
            CREATE TRIGGER note_writer AFTER INSERT OR UPDATE OR DELETE ON upgradewatch.upgrades EXECUTE FUNCTION public.note_writer();
            CREATE TRIGGER note_writer AFTER INSERT OR UPDATE OR DELETE ON upgradewatch.outbox EXECUTE FUNCTION public.note_writer();
            CREATE TRIGGER note_writer AFTER INSERT OR UPDATE OR DELETE ON upgradewatch.steps EXECUTE FUNCTION public.note_writer();
            """,
            _database);
    }

    /// <summary>How often somebody wrote after one who had taken over from him, or beside him: never, if there is one writer at a time.</summary>
    public Task<long> CountForeignWritesAsync() => _server.AskAsync<long>(
        """
        SELECT count(*) FROM (
            SELECT number < max(number) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS is_late,
                   pid <> lag(pid) OVER (ORDER BY id) AND number = lag(number) OVER (ORDER BY id) AS is_other
            FROM public.written) w
        WHERE is_late OR is_other
        """,
        _database);

    /// <summary>The store, when all servers have stopped.</summary>
    public async Task<IUpgradeStore> OpenAsync() => await PostgresStore.OpenAsync(
        new PostgresOptions(_database) { PasswordFile = _server.PasswordFile }, "audit", TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
