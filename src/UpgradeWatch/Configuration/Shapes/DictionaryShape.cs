using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>Names of one's own with a text each: labels, headers.</summary>
/// <param name="noun">What an entry is called.</param>
/// <param name="names">What a name must look like.</param>
/// <param name="refusal">Why a name is refused although it looks right, as what would be right; null when it is good.</param>
/// <param name="secret">Whether values are kept out of messages.</param>
internal sealed class DictionaryShape(string noun, Regex names, Func<string, string?> refusal, bool secret = false) : Shape<IReadOnlyDictionary<string, string>>
{
    private const int Most = 64;
    private const int Longest = 2048;

    public override string Expected => $"a mapping of at most {Most} {noun}s, each with a text";

    public override bool TryRead(ConfigNode node, string path, ReadingContext context, out IReadOnlyDictionary<string, string> value)
    {
        var read = new Dictionary<string, string>();
        value = read;
        if (node.IsEmpty) return true;
        if (node is not MapNode map || map.Entries.Count > Most) return Refuse(node, path, context);
        var good = true;
        foreach (var entry in map.Entries)
        {
            good &= TryReadEntry(entry, KeyPath.Join(path, entry.Key), context, read);
        }

        return good;
    }

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("object", "null"),
        ["maxProperties"] = Most,
        ["propertyNames"] = new JsonObject { ["pattern"] = names.ToString() },
        ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean"), ["minLength"] = 1, ["maxLength"] = Longest },
    };

    private bool TryReadEntry(MapEntry entry, string path, ReadingContext context, Dictionary<string, string> read)
    {
        // Environment variables are usually written in capitals; names outside are not.
        var name = entry.KeyAt.IsEnvironment && !entry.Key.Any(char.IsLower) ? entry.Key.ToLowerInvariant() : entry.Key;
        var mistake = names.IsMatch(name) ? refusal(name) : $"is not a {noun}; write a name that matches {names}";
        if (mistake is not null)
        {
            context.Add(entry.KeyAt, path, mistake);
            return false;
        }

        if (entry.Value is ScalarNode { IsEmpty: false } scalar && scalar.Text.Length is > 0 and <= Longest && !scalar.Text.Any(char.IsControl))
        {
            read[name] = scalar.Text;
            return true;
        }

        var written = secret && entry.Value is ScalarNode { IsEmpty: false } ? "not a usable text" : entry.Value.Describe();
        context.Add(entry.Value.At, path, $"is {written}; write a text of 1 to {Longest} characters");
        return false;
    }
}
