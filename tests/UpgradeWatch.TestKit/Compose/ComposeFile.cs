using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace UpgradeWatch.TestKit.Compose;

/// <summary>A compose file as compose reads it: anchors and merge keys resolved, variables filled in.</summary>
public sealed partial class ComposeFile
{
    private readonly Dictionary<string, string?> _variables = [];

    private ComposeFile(string text, string folder, IReadOnlyDictionary<string, string> environment)
    {
        Folder = folder;
        Content = (JsonObject)Fill(YamlJson.Parse(text), environment)!;
        Services = [.. Map("services").Select(service => new ComposeService(this, service.Key, service.Value!.AsObject()))];
    }

    /// <summary>Where it lies; paths in it begin there.</summary>
    public string Folder { get; }

    /// <summary>All of it.</summary>
    public JsonObject Content { get; }

    /// <summary>What it starts.</summary>
    public IReadOnlyList<ComposeService> Services { get; }

    /// <summary>The variables in it with their defaults; null for one that has none.</summary>
    public IReadOnlyDictionary<string, string?> Variables => _variables;

    /// <summary>Reads a file.</summary>
    public static ComposeFile Load(string path, params IReadOnlyList<(string Name, string Value)> environment) =>
        Parse(File.ReadAllText(path), Path.GetDirectoryName(Path.GetFullPath(path))!, environment);

    /// <summary>Reads a text as if it lay in a folder.</summary>
    public static ComposeFile Parse(string text, string folder, params IReadOnlyList<(string Name, string Value)> environment) =>
        new(text, folder, environment.ToDictionary(one => one.Name, one => one.Value));

    /// <summary>A service by its name.</summary>
    public ComposeService Service(string name) => Services.Single(service => service.Name == name);

    /// <summary>A part of the top level; empty when it is not there.</summary>
    public JsonObject Map(string name) => Content[name] as JsonObject ?? [];

    /// <summary>The whole path of one that is written in it.</summary>
    public string Resolve(string path) => Path.GetFullPath(Path.Combine(Folder, path));

    private JsonNode? Fill(JsonNode? node, IReadOnlyDictionary<string, string> environment) => node switch
    {
        JsonObject map => new JsonObject(map.Select(one => KeyValuePair.Create(one.Key, Fill(one.Value, environment)))),
        JsonArray list => new JsonArray([.. list.Select(one => Fill(one, environment))]),
        JsonValue value when value.TryGetValue<string>(out var text) => Dollar().Replace(text, found => Fill(found, environment)),
        _ => node?.DeepClone(),
    };

    // https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md, as far as it is used here.
    private string Fill(Match found, IReadOnlyDictionary<string, string> environment)
    {
        if (found.Value == "$$") return "$";
        if (!found.Groups["name"].Success) throw new FormatException($"'{found.Value}' is no variable such as ${{NAME:-default}}; a dollar is written $$");
        var name = found.Groups["name"].Value;
        var ifMissing = found.Groups["default"] is { Success: true } written ? written.Value : null;
        _variables[name] = ifMissing ?? _variables.GetValueOrDefault(name);
        // After :- the default stands in for an empty value, too.
        return environment.GetValueOrDefault(name) is { Length: > 0 } given ? given : ifMissing ?? "";
    }

    [GeneratedRegex(@"\$(?:\$|\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<default>[^}]*))?\}|(?<name>[A-Za-z_][A-Za-z0-9_]*)|.?)")]
    private static partial Regex Dollar();
}
