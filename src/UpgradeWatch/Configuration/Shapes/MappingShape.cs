using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>A mapping with known keys, read into a record.</summary>
/// <param name="start">The record with its defaults; what is read is laid over it.</param>
/// <param name="keys">The known keys, in the order in which they are read.</param>
internal sealed class MappingShape<T>(T start, params IReadOnlyList<Key<T>> keys) : Shape<T>
{
    /// <summary>Keys that are refused with a sentence of their own (key, rest of the sentence).</summary>
    public IReadOnlyDictionary<string, string> Refused { get; init; } = new Dictionary<string, string>();

    /// <summary>What must hold between keys; is asked when every single key is right, and may settle defaults that depend on others.</summary>
    public Func<T, MapNode, string, ReadingContext, T>? Finish { get; init; }

    public override string Expected => $"a mapping with the keys {string.Join(", ", keys.Select(key => key.Name))}";

    public override bool KeepsMistaken => true;

    public override bool TryRead(ConfigNode node, string path, ReadingContext context, out T value)
    {
        value = start;
        var map = node as MapNode ?? (node.IsEmpty ? new MapNode(node.At, []) : null);
        if (map is null) return Refuse(node, path, context);
        var before = context.Count;
        foreach (var key in keys)
        {
            if (map.Find(key.Name) is { } entry)
            {
                key.Apply(ref value, entry.Value, KeyPath.Join(path, key.Name), context);
            }
            else if (key.Required)
            {
                context.Add(map.At, KeyPath.Join(path, key.Name), $"is missing. {key.Meaning}");
            }
        }

        RefuseUnknown(map, path, context);
        if (Finish is not null) value = Finish(value, map, path, context);
        return context.Count == before;
    }

    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var key in keys) properties[key.Name] = key.Schema(start);
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        var required = keys.Where(key => key.Required).Select(key => (JsonNode)key.Name).ToArray();
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        else schema["type"] = new JsonArray("object", "null");
        return schema;
    }

    private void RefuseUnknown(MapNode map, string path, ReadingContext context)
    {
        foreach (var entry in map.Entries.Where(entry => !keys.Any(key => entry.Is(key.Name))))
        {
            var refused = Refused.FirstOrDefault(later => entry.Is(later.Key)).Value;
            context.Add(entry.KeyAt, KeyPath.Join(path, entry.Key), refused ?? Unknown(entry.Key));
        }
    }

    private string Unknown(string written)
    {
        var meant = Suggestion.For(written, keys.Select(key => key.Name));
        return meant is null
            ? $"is not a key here; the keys are {string.Join(", ", keys.Select(key => key.Name))}"
            : $"is not a key here; did you mean {meant}?";
    }
}
