using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Tables;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>Brings a store to the version that this UpgradeWatch knows, and refuses what is not its own or newer.</summary>
internal sealed partial class Migrator(IReadOnlyList<Migration> migrations, TimeProvider time, ILogger logger)
{
    /// <summary>Written into the file's header so that another program's database is never taken for a store: "UpWa".</summary>
    private const long ApplicationId = 0x55705761;

    /// <summary>The version after all migrations that are known.</summary>
    public int Newest => migrations[^1].Version;

    /// <summary>The version of the store; 0 for none yet.</summary>
    /// <exception cref="StoreException">It is newer than the newest that is known, or another program's.</exception>
    public long Version(SqliteConnection connection, string path)
    {
        var version = connection.Scalar<long>("PRAGMA user_version");
        if (version > Newest)
        {
            throw new StoreException(
                StoreFailure.Newer,
                $"The store '{path}' has version {version}, made by a newer UpgradeWatch; this one knows versions up to {Newest}. Use the newer UpgradeWatch, or the copy that was made before the migration.");
        }

        RefuseForeign(connection, path, version);
        return version;
    }

    /// <summary>Runs what is missing, each migration in its own transaction, after a copy of a store that has content.</summary>
    /// <exception cref="StoreException">The store is newer, or another program's.</exception>
    public void Run(SqliteConnection connection, string path)
    {
        var version = Version(connection, path);
        if (version == Newest) return;
        if (version > 0) Copy(connection, path, version);
        foreach (var migration in migrations.Where(m => m.Version > version))
        {
            Apply(connection, migration);
            Log.Migrated(logger, path, migration.Version, migration.Name);
        }
    }

    /// <summary>Refuses a file that is no store of UpgradeWatch.</summary>
    /// <exception cref="StoreException">It is another program's.</exception>
    public static void CheckOwn(SqliteConnection connection, string path) => RefuseForeign(connection, path, connection.Scalar<long>("PRAGMA user_version"));

    private static void RefuseForeign(SqliteConnection connection, string path, long version)
    {
        var application = connection.Scalar<long>("PRAGMA application_id");
        var isNew = version == 0 && application == 0 && connection.Scalar<long>("SELECT count(*) FROM sqlite_schema") == 0;
        if (!isNew && application != ApplicationId)
        {
            throw new StoreException(
                StoreFailure.Other,
                $"'{path}' is the SQLite database of another program (application id {application}), not a store of UpgradeWatch; it was left as it is. Name another file in storage.path.");
        }
    }

    private static void Apply(SqliteConnection connection, Migration migration)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.ExecuteScript(migration.Sql);
        connection.Execute($"PRAGMA application_id = {ApplicationId}");
        connection.Execute($"PRAGMA user_version = {migration.Version}");
        transaction.Commit();
    }

    private void Copy(SqliteConnection connection, string path, long version)
    {
        var stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var copy = $"{path}.v{version}-{stamp}";
        try
        {
            OwnFile.Create(copy);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.ToStoreException(error, copy);
        }

        connection.Execute("VACUUM INTO @copy", ("@copy", copy));
        Log.Copied(logger, path, version, copy);
        DropOlderCopies(path, copy);
    }

    // Each is as large as the store, and of no use to any version but its own.
    private void DropOlderCopies(string path, string newest)
    {
        foreach (var older in Directory.GetFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.v*-*Z").Where(file => file != newest))
        {
            try
            {
                File.Delete(older);
                Log.Dropped(logger, older);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Log.NotDropped(logger, older, error.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 401, Level = LogLevel.Information, Message = "Store {Path}: migrated to version {Version} ({Name})")]
        public static partial void Migrated(ILogger logger, string path, int version, string name);

        [LoggerMessage(EventId = 408, Level = LogLevel.Information, Message = "The older copy {Copy} was deleted")]
        public static partial void Dropped(ILogger logger, string copy);

        [LoggerMessage(EventId = 409, Level = LogLevel.Warning, Message = "The older copy {Copy} could not be deleted: {Reason}")]
        public static partial void NotDropped(ILogger logger, string copy, string reason);

        [LoggerMessage(EventId = 402, Level = LogLevel.Information, Message = "Store {Path}: version {Version} was copied to {Copy} before its migration")]
        public static partial void Copied(ILogger logger, string path, long version, string copy);
    }
}
