using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>
/// Makes sure that one process at a time is active on a store: a lock on a file beside it, which the operating system
/// lets go when the process dies, however it dies.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private const int WouldBlock = 11;
    private const int WouldBlockMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a store; null when somebody else has it.</summary>
    /// <exception cref="StoreException">The folder cannot be written.</exception>
    public static StoreLock? TryTake(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new StoreLock(OwnFile.Open(path + ".lock", FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException error) when (error.HResult is WouldBlock or WouldBlockMac or SharingViolation)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.ToStoreException(error, path);
        }
    }

    public void Dispose() => _file.Dispose();
}
