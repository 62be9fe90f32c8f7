using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace UpgradeWatch.Dashboards.Chart;

/// <summary>The table of a chart's values, from the comments that begin with <c># --</c> in its <c>values.yaml</c>.</summary>
internal static class ValuesTable
{
    private const string Begin = "<!-- values: written by tests/UpgradeWatch.Dashboards from values.yaml -->\n";
    private const string End = "<!-- end of values -->\n";
    private const string Mark = "# -- ";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One value.</summary>
    /// <param name="Key">Its keys, joined by dots.</param>
    /// <param name="Default">Its default as JSON.</param>
    /// <param name="Meaning">What it does; empty when there is no comment.</param>
    public sealed record Row(string Key, string Default, string Meaning);

    /// <summary>Puts the table into a text, between its marks.</summary>
    /// <exception cref="FormatException">The marks are not there.</exception>
    public static string Put(string text, string values)
    {
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin) throw new FormatException($"the README has no place for the values, between {Begin.Trim()} and {End.Trim()}");
        return string.Concat(text.AsSpan(0, begin + Begin.Length), Write(Rows(values)), text.AsSpan(end));
    }

    /// <summary>All values: one with a comment stands for all below it, one without leads to those below it.</summary>
    public static IReadOnlyList<Row> Rows(string values)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(values));
        var rows = new List<Row>();
        Visit((YamlMappingNode)yaml.Documents[0].RootNode, "", values.ReplaceLineEndings("\n").Split('\n'), rows);
        return rows;
    }

    private static void Visit(YamlMappingNode map, string prefix, string[] lines, List<Row> rows)
    {
        foreach (var (key, value) in map.Children)
        {
            var name = prefix + ((YamlScalarNode)key).Value;
            var meaning = Comment(lines, (int)key.Start.Line - 1);
            if (meaning.Length == 0 && value is YamlMappingNode { Children.Count: > 0 } below) Visit(below, name + ".", lines, rows);
            else rows.Add(new Row(name, ToJson(value)?.ToJsonString(Plain) ?? "null", meaning));
        }
    }

    // The comment that ends on the line before a key.
    private static string Comment(string[] lines, int keyLine)
    {
        var from = keyLine;
        while (from > 0 && lines[from - 1].TrimStart().StartsWith('#')) from--;
        var words = lines[from..keyLine].Select(line => line.Trim()).ToList();
        var mark = words.FindLastIndex(line => line.StartsWith(Mark, StringComparison.Ordinal));
        return mark < 0 ? "" : string.Join(' ', words.Skip(mark).Select((line, index) => index == 0 ? line[Mark.Length..] : line[1..].Trim()));
    }

    private static string Write(IReadOnlyList<Row> rows)
    {
        var text = new StringBuilder("| key | default | meaning |\n| --- | --- | --- |\n");
        foreach (var row in rows) text.Append($"| `{row.Key}` | `{row.Default}` | {row.Meaning.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        return text.ToString();
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, ToJson(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalarNode { Style: ScalarStyle.Plain } number when long.TryParse(number.Value, out var whole) => whole,
        YamlScalarNode text => text.Value,
        _ => null,
    };
}
