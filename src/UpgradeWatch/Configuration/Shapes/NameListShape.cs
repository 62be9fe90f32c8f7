using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>Different names one after the other; may be none, if that is written.</summary>
/// <param name="noun">What a name is one of.</param>
/// <param name="example">A list for messages.</param>
/// <param name="most">How many there may be.</param>
/// <param name="names">What a name must look like.</param>
/// <param name="refusal">Why a name is refused although it looks right; null when it is good.</param>
internal sealed class NameListShape(string noun, string example, int most, Regex names, Func<string, string?> refusal) : Shape<IReadOnlyList<string>>
{
    public override string Expected => $"a list of at most {most} {noun}s such as {example}, or [] for none";

    public override bool TryRead(ConfigNode node, string path, ReadingContext context, out IReadOnlyList<string> value)
    {
        var read = new List<string>();
        value = read;
        if (node is not ListNode list || list.Items.Count > most) return Refuse(node, path, context);
        var good = true;
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            var name = item is ScalarNode { IsEmpty: false } scalar ? scalar.Text : "";
            var mistake = !names.IsMatch(name) ? $"is {item.Describe()}; write a {noun}, which matches {names}"
                : read.Contains(name) ? $"is {item.Describe()}, which is there already; leave it out"
                : refusal(name) is { } why ? $"is {item.Describe()}, which {why}"
                : null;
            if (mistake is null)
            {
                read.Add(name);
                continue;
            }

            context.Add(item.At, KeyPath.Join(path, i), mistake);
            good = false;
        }

        return good;
    }

    public override JsonObject Schema() => new()
    {
        ["type"] = "array",
        ["maxItems"] = most,
        ["uniqueItems"] = true,
        ["items"] = new JsonObject { ["type"] = "string", ["pattern"] = names.ToString() },
    };
}
