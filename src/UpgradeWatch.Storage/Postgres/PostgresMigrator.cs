using Microsoft.Extensions.Logging;
using Npgsql;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Tables;

namespace UpgradeWatch.Storage.Postgres;

/// <summary>Brings the tables to the version that this UpgradeWatch knows, and refuses what is newer.</summary>
internal sealed partial class PostgresMigrator(IReadOnlyList<Migration> migrations, PostgresAccess access, TimeProvider time, ILogger logger)
{
    /// <summary>The version after all migrations that are known.</summary>
    public int Newest => migrations[^1].Version;

    /// <summary>The version of the store; 0 for none yet.</summary>
    /// <exception cref="StoreException">It is newer than the newest that is known.</exception>
    public int Version(NpgsqlConnection connection)
    {
        var isThere = connection.Scalar<bool>(
            "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = @schema AND tablename = 'migrations')", ("@schema", access.Schema));
        var version = isThere ? connection.Scalar<int>("SELECT max(version) FROM migrations") : 0;
        return version <= Newest
            ? version
            : throw new StoreException(
                StoreFailure.Newer,
                $"The store in {access.Place} has version {version}, made by a newer UpgradeWatch; this one knows versions up to {Newest}. Use the newer UpgradeWatch, or restore what pg_dump saved before the migration.");
    }

    /// <summary>Runs what is missing, each migration in its own transaction. To be called by who holds the lease alone.</summary>
    public void Run(NpgsqlConnection connection)
    {
        var version = Version(connection);
        if (version == 0) MakeSchema(connection);
        foreach (var migration in migrations.Where(m => m.Version > version))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(migration.Sql);
            connection.Execute(
                "INSERT INTO migrations (version, name, applied) VALUES (@version, @name, @applied)",
                ("@version", migration.Version),
                ("@name", migration.Name),
                ("@applied", time.GetUtcNow().UtcTicks));
            transaction.Commit();
            Log.Migrated(logger, access.Place, migration.Version, migration.Name);
        }
    }

    // Not IF NOT EXISTS: that asks for the right to make one even where it is there already.
    private void MakeSchema(NpgsqlConnection connection)
    {
        if (connection.Scalar<bool>("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = @schema)", ("@schema", access.Schema))) return;
        connection.Execute($"CREATE SCHEMA \"{access.Schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 404, Level = LogLevel.Information, Message = "Store in {Place}: migrated to version {Version} ({Name})")]
        public static partial void Migrated(ILogger logger, string place, int version, string name);
    }
}
