using System.Globalization;

namespace UpgradeWatch.Configuration.Reading;

/// <summary>
/// Lays environment variables over what the file says: <c>UPGRADEWATCH__PROMETHEUS__URL</c>,
/// <c>UPGRADEWATCH__TARGETS__0__NAME</c>. Upper and lower case are the same; an index one past the end adds an entry.
/// </summary>
internal static class EnvironmentLayer
{
    private const string Prefix = "UPGRADEWATCH__";

    public static MapNode Apply(MapNode root, IEnumerable<KeyValuePair<string, string>> variables, ReadingContext context)
    {
        var ours = variables
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .Select(variable => (variable.Key, variable.Value, Path: variable.Key[Prefix.Length..].Split("__")))
            .OrderBy(variable => variable.Path, new PathOrder())
            .ThenBy(variable => variable.Key, StringComparer.Ordinal);
        ConfigNode node = root;
        foreach (var (name, value, path) in ours)
        {
            node = Set(node, path, new ScalarNode(new ConfigLocation(name, 0, 0), value, Plain: true), context);
        }

        return (MapNode)node;
    }

    private static ConfigNode Set(ConfigNode? node, ReadOnlySpan<string> path, ScalarNode value, ReadingContext context)
    {
        if (path.IsEmpty) return value;
        if (node is ListNode or null or { IsEmpty: true } && TryIndex(path[0], out var index))
        {
            return SetItem(node as ListNode ?? new ListNode(value.At, []), index, path, value, context);
        }

        var map = node as MapNode ?? new MapNode(value.At, []);
        var key = path[0];
        var found = map.Entries.FirstOrDefault(entry => string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase));
        var changed = Set(found?.Value, path[1..], value, context);
        return map with
        {
            Entries = found is null
                ? [.. map.Entries, new MapEntry(key, value.At, changed)]
                : [.. map.Entries.Select(entry => entry == found ? entry with { Value = changed } : entry)],
        };
    }

    private static ListNode SetItem(ListNode list, int index, ReadOnlySpan<string> path, ScalarNode value, ReadingContext context)
    {
        if (index > list.Items.Count)
        {
            context.Add(value.At, "", $"has {list.Items.Count} entries in this list; the next index is {list.Items.Count}, not {index}");
            return list;
        }

        var changed = Set(index < list.Items.Count ? list.Items[index] : null, path[1..], value, context);
        return list with { Items = [.. list.Items.Take(index), changed, .. list.Items.Skip(index + 1)] };
    }

    private static bool TryIndex(string text, out int index) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);

    /// <summary>Indexes by number, so that entry 2 is there before entry 10 is added.</summary>
    private sealed class PathOrder : IComparer<string[]>
    {
        public int Compare(string[]? x, string[]? y)
        {
            for (var i = 0; i < Math.Min(x!.Length, y!.Length); i++)
            {
                var order = TryIndex(x[i], out var left) && TryIndex(y[i], out var right)
                    ? left.CompareTo(right)
                    : string.Compare(x[i], y[i], StringComparison.OrdinalIgnoreCase);
                if (order != 0) return order;
            }

            return x.Length.CompareTo(y.Length);
        }
    }
}
