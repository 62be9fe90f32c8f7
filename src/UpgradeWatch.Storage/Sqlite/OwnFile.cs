namespace UpgradeWatch.Storage.Sqlite;

/// <summary>
/// Makes files that only the user of this process can open: who may read a lock file can hold its lock as well, and who
/// may read the store its locks.
/// </summary>
internal static class OwnFile
{
    /// <summary>Opens a file; one that is not there yet is made.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Makes an empty file for SQLite to fill, which would let others read it; fails when something, also a link, has that name.</summary>
    public static void Create(string path) => Open(path, FileMode.CreateNew, FileShare.ReadWrite).Dispose();
}
