using System.Text.RegularExpressions;
using UpgradeWatch.TestKit.Compose;

namespace UpgradeWatch.Tests.Compose;

/// <summary>What of a compose file is wrong although its schema allows it, each with its service.</summary>
internal static partial class ComposeCheck
{
    private static readonly string[] Stores = ["configs", "secrets", "volumes"];

    /// <summary>What is wrong; empty when nothing is.</summary>
    public static IReadOnlyList<string> Mistakes(ComposeFile file) =>
    [
        .. file.Variables.Where(variable => variable.Value is null).Select(variable => $"${{{variable.Key}}} has no default"),
        .. file.Services.SelectMany(service => Image(file, service).Concat(Hardening(service)).Concat(Mounts(file, service)).Concat(Order(file, service)).Select(mistake => $"{service.Name}: {mistake}")),
        .. Stores.SelectMany(kind => Unused(file, kind)),
    ];

    private static IEnumerable<string> Image(ComposeFile file, ComposeService service)
    {
        var tag = Tag().Match(service.Image).Groups[1].Value;
        if (tag is "" or "latest") yield return $"the image '{service.Image}' is not pinned";
        if (service.Content["build"] is { } build)
        {
            if (!File.Exists(Path.Combine(file.Resolve((string)build["context"]!), (string?)build["dockerfile"] ?? "Dockerfile"))) yield return "there is no Dockerfile where it is built";
        }
        else if (!Version().IsMatch(tag))
        {
            yield return $"the tag '{tag}' is no whole version";
        }
    }

    private static IEnumerable<string> Hardening(ComposeService service)
    {
        if (!service.IsReadOnly) yield return "its root file system can be written to";
        if ((string?)service.Content["cap_drop"]?[0] != "ALL" || service.Content["cap_add"] is not null) yield return "it keeps capabilities";
        if (service.Content["security_opt"]?.AsArray().Any(option => (string)option! == "no-new-privileges:true") != true) yield return "it may gain privileges";
        if (service.Content["privileged"] is not null || service.Content["user"]?.ToString() is "0" or "root") yield return "it is privileged";
        if (service.Content["network_mode"] is not null) yield return "it has a network of its own";
        foreach (var port in service.Ports.Where(port => !Published().IsMatch(port))) yield return $"'{port}' is not published on this machine alone";
    }

    private static IEnumerable<string> Mounts(ComposeFile file, ComposeService service)
    {
        foreach (var mount in service.Mounts)
        {
            var declared = mount.Kind == "bind" || file.Map(mount.Kind).ContainsKey(mount.Source);
            if (!declared) yield return $"'{mount.Source}' is not declared under {mount.Kind}";
            else if (mount.HostPath is null && mount.Kind != "volumes") yield return $"'{mount.Source}' is not a file, and cannot be put into a container whose root file system is read-only";
            else if (mount.HostPath is { } path && !File.Exists(path) && !(mount.Kind == "bind" && Directory.Exists(path))) yield return $"there is no {Path.GetRelativePath(file.Folder, path)}";
        }

        foreach (var twice in service.Mounts.GroupBy(mount => mount.Target).Where(group => group.Count() > 1)) yield return $"two things are mounted at {twice.Key}";
    }

    private static IEnumerable<string> Order(ComposeFile file, ComposeService service)
    {
        foreach (var (name, condition) in service.DependsOn)
        {
            var other = file.Services.FirstOrDefault(one => one.Name == name);
            if (other is null) yield return $"it depends on {name}, which is no service";
            else if (condition == "service_healthy" && other.HealthCheck.Count == 0) yield return $"it waits for {name} to be healthy, which nobody asks";
        }
    }

    private static IEnumerable<string> Unused(ComposeFile file, string kind) => file.Map(kind).Select(one => one.Key)
        .Except(file.Services.SelectMany(service => service.Mounts).Where(mount => mount.Kind == kind).Select(mount => mount.Source))
        .Select(name => $"{kind}: nobody uses {name}");

    [GeneratedRegex("^[^:@]+:([^:@]+)(?:@.*)?$")]
    private static partial Regex Tag();

    [GeneratedRegex("^v?[0-9]+[.][0-9]+[.][0-9]+$")]
    private static partial Regex Version();

    [GeneratedRegex("^127[.]0[.]0[.]1:[0-9]+:[0-9]+$")]
    private static partial Regex Published();
}
