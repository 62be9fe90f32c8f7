namespace UpgradeWatch.TestKit.Processes;

/// <summary>A folder of its own for one test, deleted with all it holds when it is disposed.</summary>
public sealed class TempFolder : IDisposable
{
    private const string MemoryDisk = "/dev/shm";

    /// <summary>Makes one.</summary>
    /// <param name="inMemory">Whether it lies in memory where there is such a place: nothing in it survives the machine, and a flush costs nothing.</param>
    public TempFolder(bool inMemory = false) => Path = inMemory && Directory.Exists(MemoryDisk)
        ? Directory.CreateDirectory(System.IO.Path.Combine(MemoryDisk, $"upgradewatch-test-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("upgradewatch-test-").FullName;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and gives back its path.</summary>
    public string Write(string name, string content)
    {
        var path = File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
