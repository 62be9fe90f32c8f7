using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>A list of entries that are told apart by one of their keys.</summary>
internal sealed class ListShape<T>(Shape<T> item, string identity, int most) : Shape<IReadOnlyList<T>>
{
    public override string Expected => $"a list of at most {most} entries";

    public override bool TryRead(ConfigNode node, string path, ReadingContext context, out IReadOnlyList<T> value)
    {
        value = [];
        if (node.IsEmpty) return true;
        if (node is not ListNode list) return Refuse(node, path, context);
        if (list.Items.Count > most)
        {
            context.Add(list.At, path, $"has {list.Items.Count} entries; write {Expected}");
            return false;
        }

        var (items, seen, good) = (new List<T>(), new Dictionary<string, int>(), true);
        for (var i = 0; i < list.Items.Count; i++)
        {
            var itemPath = KeyPath.Join(path, i);
            if (!item.TryRead(list.Items[i], itemPath, context, out var read))
            {
                good = false;
            }
            else
            {
                items.Add(read);
            }

            var name = (list.Items[i] as MapNode)?.Find(identity)?.Value as ScalarNode;
            if (name is null or { IsEmpty: true } || seen.TryAdd(name.Text, i)) continue;
            context.Add(name.At, KeyPath.Join(itemPath, identity), $"is {name.Describe()}, the same as {KeyPath.Join(KeyPath.Join(path, seen[name.Text]), identity)}; write a different one");
            good = false;
        }

        value = items;
        return good;
    }

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("array", "null"), ["items"] = item.Schema(), ["maxItems"] = most };
}
