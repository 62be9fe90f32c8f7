using Microsoft.Data.Sqlite;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>Translates SQLite's and the file system's errors.</summary>
internal static class SqliteErrors
{
    // https://www.sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>errno of a file system without space, of a quota, and of one that is mounted read-only.</summary>
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int ReadOnlyFileSystem = 30;

    public static bool IsDamage(SqliteException error) => error.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>Whether what is written has no room, or cannot be written at all.</summary>
    public static bool IsSpace(SqliteException error) => error.SqliteErrorCode is Full or IoError or CannotOpen or ReadOnly;

    public static StoreException ToStoreException(SqliteException error, string path)
    {
        var (failure, sentence) = error.SqliteErrorCode switch
        {
            Full => (StoreFailure.Full, "has no space left"),
            ReadOnly => (StoreFailure.ReadOnly, "is read-only"),
            Busy or Locked => (StoreFailure.Locked, "is held by another program"),
            Corrupt or NotADatabase => (StoreFailure.Corrupt, "is damaged"),
            CannotOpen => (StoreFailure.Other, "cannot be opened"),
            IoError => (StoreFailure.Other, "cannot be read or written"),
            _ => (StoreFailure.Other, "refused the change"),
        };
        return new StoreException(failure, $"The store '{path}' {sentence}: {error.Message} (extended code {error.SqliteExtendedErrorCode}).", error);
    }

    public static StoreException ToStoreException(Exception error, string path) => error switch
    {
        UnauthorizedAccessException => new(StoreFailure.ReadOnly, $"The store '{path}' may not be written by this user: {error.Message}", error),
        IOException { HResult: NoSpace or QuotaExceeded } => new(StoreFailure.Full, $"The store '{path}' has no space left: {error.Message}", error),
        IOException { HResult: ReadOnlyFileSystem } => new(StoreFailure.ReadOnly, $"The store '{path}' is on a read-only file system: {error.Message}", error),
        _ => new(StoreFailure.Other, $"The store '{path}' cannot be opened: {error.Message}", error),
    };
}
