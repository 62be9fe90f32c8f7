using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>Several statements at once.</summary>
internal static class SqliteScript
{
    /// <summary>
    /// Runs several statements to the end. Not as one command: that stops at the first statement that gives a row (such as a
    /// PRAGMA, or ALTER TABLE of a strict table) and then runs the rest without saying when it fails.
    /// </summary>
    public static void ExecuteScript(this SqliteConnection connection, string sql) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(connection.Handle, sql), connection.Handle);
}
