using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace UpgradeWatch.TestKit.Compose;

/// <summary>YAML as JSON by the core schema of YAML 1.2, with the merge keys of 1.1 (https://yaml.org/type/merge.html).</summary>
public static class YamlJson
{
    private const string MergeKey = "<<";

    /// <summary>Reads the first document.</summary>
    public static JsonNode Parse(string text) => ParseAll(text)[0];

    /// <summary>Reads all documents.</summary>
    public static IReadOnlyList<JsonNode> ParseAll(string text)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(text);
        stream.Load(reader);

        // Read once more as text, so that a number is read as whatever kind of number is asked for.
        return [.. stream.Documents.Select(document => JsonNode.Parse(Read(document.RootNode)!.ToJsonString())!)];
    }

    private static JsonNode? Read(YamlNode node) => node switch
    {
        YamlMappingNode map => ReadMap(map),
        YamlSequenceNode list => new JsonArray([.. list.Select(Read)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" } => null,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalarNode { Style: ScalarStyle.Plain } whole when long.TryParse(whole.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
        YamlScalarNode { Style: ScalarStyle.Plain } number when double.TryParse(number.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) => value,
        YamlScalarNode text => text.Value,
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    private static JsonObject ReadMap(YamlMappingNode map)
    {
        var read = new JsonObject();
        foreach (var (key, value) in map.Children)
        {
            if (((YamlScalarNode)key).Value is { } name && name != MergeKey) read[name] = Read(value);
        }

        // What is written here goes before what is merged in, and earlier maps before later ones.
        foreach (var merged in map.Children.Where(child => ((YamlScalarNode)child.Key).Value == MergeKey).SelectMany(child => child.Value is YamlSequenceNode several ? [.. several] : new[] { child.Value }))
        {
            foreach (var (name, value) in ReadMap((YamlMappingNode)merged))
            {
                if (!read.ContainsKey(name)) read[name] = value?.DeepClone();
            }
        }

        return read;
    }
}
