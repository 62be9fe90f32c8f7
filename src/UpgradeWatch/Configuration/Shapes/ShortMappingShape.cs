using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>A mapping that may also be written as its most important value alone.</summary>
/// <param name="mapping">The mapping.</param>
/// <param name="key">The key whose value it is.</param>
internal sealed class ShortMappingShape<T>(MappingShape<T> mapping, string key) : Shape<T>
{
    public override string Expected => $"{mapping.Expected}, or {key} alone";

    public override bool TryRead(ConfigNode node, string path, ReadingContext context, out T value) => mapping.TryRead(
        node is ScalarNode { IsEmpty: false } alone ? new MapNode(node.At, [new MapEntry(key, node.At, alone)]) : node, path, context, out value);

    public override JsonObject Schema()
    {
        var schema = mapping.Schema();
        schema["type"] = new JsonArray("object", "string");
        return schema;
    }
}
