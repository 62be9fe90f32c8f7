using System.Collections;
using UpgradeWatch.Configuration.Description;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration;

/// <summary>Reads the configuration: the file, with the environment laid over it.</summary>
internal static class ConfigLoader
{
    private const int LargestFile = 1 << 20;

    /// <summary>Reads a file and this process's environment.</summary>
    /// <param name="file">The file; null for none: then there is only the environment.</param>
    public static ConfigResult LoadFile(string? file) => LoadFile(file, ProcessEnvironment());

    /// <summary>Reads a file and an environment.</summary>
    public static ConfigResult LoadFile(string? file, IEnumerable<KeyValuePair<string, string>> environment)
    {
        if (file is null) return Load("", "environment", "", environment);
        try
        {
            if (new FileInfo(file).Length > LargestFile) return Unusable(file, "is larger than 1 MiB; write a smaller file");
            return Load(File.ReadAllText(file), file, Path.GetDirectoryName(file) ?? "", environment);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Unusable(file, "is not there; write the path of a configuration file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unusable(file, $"cannot be read: {exception.Message}");
        }
    }

    /// <summary>Reads a text and an environment.</summary>
    /// <param name="text">YAML; empty for nothing.</param>
    /// <param name="source">What the text is called in messages.</param>
    /// <param name="folder">Where relative paths begin; empty for the working directory.</param>
    /// <param name="environment">Environment variables; those that begin with <c>UPGRADEWATCH__</c> count.</param>
    public static ConfigResult Load(string text, string source, string folder, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var context = new ReadingContext(folder);
        var root = new YamlReader(source, context).Read(text);
        if (root is null or { IsEmpty: true }) root = new MapNode(new ConfigLocation(source, 1, 1), []);
        if (root is MapNode map) root = EnvironmentLayer.Apply(map, environment, context);
        var read = RootDescription.Shape.TryRead(root, "", context, out var options);
        return read && context.Count == 0 ? new ConfigResult(options, []) : new ConfigResult(null, context.Mistakes);
    }

    private static ConfigResult Unusable(string file, string message) =>
        new(null, [new ConfigMistake(new ConfigLocation(file, 0, 0), "", message)]);

    private static IEnumerable<KeyValuePair<string, string>> ProcessEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? ""));
}
