using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>A list of texts, each once.</summary>
internal sealed class TextListShape(Shape<string> item, int most) : Shape<IReadOnlyList<string>>
{
    public override string Expected => $"a list of at most {most} entries, each {item.Expected}";

    public override bool TryRead(ConfigNode node, string path, ReadingContext context, out IReadOnlyList<string> value)
    {
        value = [];
        if (node.IsEmpty) return true;
        if (node is not ListNode list || list.Items.Count > most) return Refuse(node, path, context);
        var (items, good) = (new List<string>(), true);
        for (var i = 0; i < list.Items.Count; i++)
        {
            good &= item.TryRead(list.Items[i], KeyPath.Join(path, i), context, out var read);
            if (good && !items.Contains(read)) items.Add(read);
        }

        value = items;
        return good;
    }

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("array", "null"), ["items"] = item.Schema(), ["maxItems"] = most };
}
