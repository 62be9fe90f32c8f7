using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Tables;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>The file of a store: opens it, checks it, sets a damaged one aside and migrates it; reads it while another process is active.</summary>
internal sealed partial class StoreFile(string path, IReadOnlyList<Migration> migrations, TimeProvider time, ILogger logger)
{
    /// <summary>Seconds that a statement waits for another program that holds the file, for instance a backup.</summary>
    private const int BusySeconds = 5;

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Opens the connection that writes, with the newest tables.</summary>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public SqliteConnection OpenWriter()
    {
        try
        {
            return OpenChecked();
        }
        catch (SqliteException error) when (SqliteErrors.IsDamage(error))
        {
            SetAside(error.Message);
            return OpenChecked();
        }
    }

    /// <summary>Opens the connection that reads.</summary>
    public SqliteConnection OpenReader(SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate) => Open("PRAGMA query_only = 1", mode);

    /// <summary>Who is active, as the store says.</summary>
    /// <exception cref="StoreException">It cannot be read, or is of a newer version.</exception>
    public StoreLease ReadLease()
    {
        try
        {
            return ReadOnStandby(connection => connection.Query(
                row => new StoreLease(LeaseRole.Standby, row.Text(1) is { Length: > 0 } holder ? holder : null, row.Time(2), row.GetInt64(0)),
                "SELECT number, holder, since FROM lease").Single());
        }
        catch (StoreException early) when (early.Failure == StoreFailure.NotActive)
        {
            return new StoreLease(LeaseRole.Standby, null, null, 0);
        }
    }

    /// <summary>
    /// Reads while another process is active. The file is opened for each reading: the active one may set it aside and
    /// begin another under its name.
    /// </summary>
    /// <exception cref="StoreException">It cannot be read; <see cref="StoreFailure.NotActive"/> where there are no tables yet, or older ones.</exception>
    public T ReadOnStandby<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            if (!File.Exists(path)) throw NotYet("is not there yet: another UpgradeWatch has its lock and is about to make it");
            using var connection = OpenReader(SqliteOpenMode.ReadWrite);

            // As it is at one moment, also while the active one is making its tables.
            using var snapshot = connection.BeginTransaction(deferred: true);
            var migrator = Migrator();
            var version = migrator.Version(connection, path);
            return version == migrator.Newest ? read(connection) : throw NotYet($"has version {version} and is brought to version {migrator.Newest} as soon as the UpgradeWatch that is active on it has stopped");
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.ToStoreException(error, path);
        }
    }

    private StoreException NotYet(string state) => new(StoreFailure.NotActive, $"The store '{path}' {state}.");

    private Migrator Migrator() => new(migrations, time, logger);

    private SqliteConnection OpenChecked()
    {
        MakePrivate();
        var connection = Open("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = 1");
        try
        {
            Check(connection);
            Migrator().Run(connection, path);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void MakePrivate()
    {
        try
        {
            // Only where there is none: to close a file lets go of every lock that this process has on it.
            if (!File.Exists(path)) OwnFile.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.ToStoreException(error, path);
        }
    }

    private SqliteConnection Open(string pragmas, SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ConnectionString);
        try
        {
            connection.Open();

            // Other instances read meanwhile: what must be alone waits for its turn, also where no command does the waiting.
            connection.ExecuteScript($"PRAGMA busy_timeout = {BusySeconds * 1000}; {pragmas}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A page that is damaged anywhere would otherwise be noticed only when it is needed.</summary>
    private static void Check(SqliteConnection connection)
    {
        var answer = connection.Scalar<string>("PRAGMA quick_check(1)");
        if (answer != "ok")
        {
            throw new SqliteException(answer, 11);
        }
    }

    private void SetAside(string reason)
    {
        var stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var aside = $"{path}.corrupt-{stamp}";
        for (var n = 2; File.Exists(aside); n++)
        {
            aside = $"{path}.corrupt-{stamp}-{n}";
        }

        try
        {
            foreach (var suffix in new[] { "", "-wal", "-shm" })
            {
                if (File.Exists(path + suffix)) File.Move(path + suffix, aside + suffix);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFailure.Corrupt, $"The store '{path}' is damaged ({reason}) and cannot be set aside: {error.Message}", error);
        }

        Log.SetAside(logger, path, reason, aside);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 403, Level = LogLevel.Error, Message = "The store {Path} is damaged ({Reason}). It was set aside as {Aside}, and a new, empty store was begun")]
        public static partial void SetAside(ILogger logger, string path, string reason, string aside);
    }
}
