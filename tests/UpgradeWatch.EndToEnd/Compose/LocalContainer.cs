using System.Text.RegularExpressions;
using UpgradeWatch.TestKit.Compose;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.Compose;

/// <summary>
/// What a service of the compose file would find in its container, on this machine: its files in a folder of its own,
/// and in them and in its command line nothing changed but paths in the container, and names and ports of services.
/// </summary>
internal sealed class LocalContainer
{
    private readonly ComposeService _service;
    private readonly ServicePorts _ports;
    private readonly List<(string Target, string Path)> _places = [];

    /// <summary>Lays the files out.</summary>
    /// <param name="service">The service.</param>
    /// <param name="folder">Where its folder is made.</param>
    /// <param name="ports">Where services are.</param>
    public LocalContainer(ComposeService service, TempFolder folder, ServicePorts ports)
    {
        (_service, _ports) = (service, ports);
        Folder = Directory.CreateDirectory(folder.File(service.Name)).FullName;
        // The longest first: a path begins with those of the folders that it is in.
        foreach (var mount in service.Mounts.OrderByDescending(mount => mount.Target.Length)) _places.Add((mount.Target, Path.Combine(Folder, mount.Target.TrimStart('/'))));
        foreach (var mount in service.Mounts) Put(mount, Path.Combine(Folder, mount.Target.TrimStart('/')));
    }

    /// <summary>Stands for the root of the container.</summary>
    public string Folder { get; }

    /// <summary>The words after the image's entry point.</summary>
    public IReadOnlyList<string> Command => [.. _service.Command.Select(Local)];

    /// <summary>The words of its health check.</summary>
    public IReadOnlyList<string> HealthCheck => [.. _service.HealthCheck.Select(Local)];

    /// <summary>Its environment.</summary>
    public IReadOnlyDictionary<string, string?> Environment => _service.Environment.ToDictionary(one => one.Key, one => (string?)Local(one.Value));

    /// <summary>The file or folder here of one in the container.</summary>
    public string PathOf(string target) => _places.Single(place => place.Target == target).Path;

    /// <summary>What was put under a folder of the container, by path there.</summary>
    public IEnumerable<string> FilesUnder(string target) => _places.Where(place => place.Target.StartsWith(target, StringComparison.Ordinal)).Select(place => place.Path);

    private void Put(ComposeMount mount, string path)
    {
        if (mount.HostPath is null)
        {
            Directory.CreateDirectory(path);
        }
        else if (Directory.Exists(mount.HostPath))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Directory.CreateSymbolicLink(path, mount.HostPath);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Local(File.ReadAllText(mount.HostPath)));
        }
    }

    private string Local(string text)
    {
        foreach (var (target, path) in _places) text = Regex.Replace(text, $@"(?<![\w./-]){Regex.Escape(target)}(?![\w.-])", path.Replace("$", "$$", StringComparison.Ordinal));
        return _ports.Local(_service.Name, text);
    }
}
