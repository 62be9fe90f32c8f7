using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Tables;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>Opens the file of a store: checks it, sets a damaged one aside and migrates it.</summary>
internal sealed partial class StoreFile(string path, IReadOnlyList<Migration> migrations, TimeProvider time, ILogger logger)
{
    /// <summary>Seconds that a statement waits for another program that holds the file, for instance a backup.</summary>
    private const int BusySeconds = 5;

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
    public SqliteConnection OpenReader() => Open("PRAGMA query_only = 1");

    private SqliteConnection OpenChecked()
    {
        var connection = Open("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = 1");
        try
        {
            Check(connection);
            new Migrator(migrations, time, logger).Run(connection, path);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection Open(string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ConnectionString);
        try
        {
            connection.Open();
            connection.ExecuteScript(pragmas);
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
