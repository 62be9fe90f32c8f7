namespace UpgradeWatch.Storage.Sqlite;

/// <summary>Files of the store are for its user and group: they hold who did what and why, which is nobody else's business.</summary>
internal static class PrivateFile
{
    /// <summary>Makes an empty file that SQLite then fills (it keeps the file's mode, also for the log beside it); leaves one that is there as it is.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made by this user.</exception>
    public static void Touch(string path)
    {
        if (File.Exists(path)) return;
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        using var _ = new FileStream(path, options);
    }
}
