using Microsoft.Data.Sqlite;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Tables;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>Copies a store while it is in use.</summary>
public static class SqliteBackup
{
    /// <summary>
    /// Writes a copy of a store as it is at one moment. Whoever uses the store goes on meanwhile. The copy is checked and
    /// on the disk when this returns, and there is none when it fails.
    /// </summary>
    /// <param name="path">The store.</param>
    /// <param name="copy">The copy; must not be there yet.</param>
    /// <exception cref="StoreException">There is no store, or the copy cannot be written.</exception>
    public static void Write(string path, string copy)
    {
        (path, copy) = (Path.GetFullPath(path), Path.GetFullPath(copy));
        if (!File.Exists(path)) throw new StoreException(StoreFailure.Other, $"There is no store '{path}'.");
        if (Path.Exists(copy)) throw new StoreException(StoreFailure.Other, $"'{copy}' is there already; name a file that is not.");
        var unfinished = $"{copy}.unfinished";
        try
        {
            File.Delete(unfinished);
            OwnFile.Create(unfinished);
            using (var store = Open(path))
            {
                Migrator.CheckOwn(store, path);
                store.Execute("VACUUM INTO @copy", ("@copy", unfinished));
            }

            Check(unfinished);
            File.Move(unfinished, copy);
        }
        catch (SqliteException error)
        {
            File.Delete(unfinished);
            throw SqliteErrors.ToStoreException(error, SqliteErrors.IsSpace(error) ? copy : path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.ToStoreException(error, copy);
        }
    }

    private static void Check(string path)
    {
        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
        using var copy = Open(path);
        var answer = copy.Scalar<string>("PRAGMA quick_check(1)");
        if (answer != "ok") throw new StoreException(StoreFailure.Corrupt, $"The copy is damaged, because the store is: {answer}");
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
