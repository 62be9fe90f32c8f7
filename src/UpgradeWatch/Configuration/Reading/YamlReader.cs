using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace UpgradeWatch.Configuration.Reading;

/// <summary>
/// Reads YAML from the parser's events rather than into its own node types, because those stop at the first
/// duplicate key, and every mistake is to be told at once.
/// </summary>
internal sealed class YamlReader(string source, ReadingContext context)
{
    private const int DeepestLevel = 40;
    private readonly Dictionary<AnchorName, ConfigNode> _anchors = [];

    /// <summary>The document; null when there is none (an empty file) or it is not YAML, which is then a mistake.</summary>
    public ConfigNode? Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _)) return null;
            var root = Read(parser, 0);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
            {
                context.Add(At(second), "", "has a second document; write one");
            }

            return root;
        }
        catch (YamlException exception)
        {
            // The beginning is that of the whole construct; what is wrong is at its end.
            context.Add(At(exception.End), "", $"is not YAML: {exception.Message}");
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or InvalidCastException)
        {
            // The scanner gives up on some texts, for instance a mapping in braces that is not closed, without saying where.
            context.Add(parser.Current is { } last ? At(last.End) : new ConfigLocation(source, 1, 1), "", "is not YAML after this place; look for a missing bracket, quote or line break");
            return null;
        }
    }

    private ConfigNode Read(Parser parser, int level)
    {
        if (level > DeepestLevel) throw new YamlException(parser.Current!.Start, parser.Current.Start, $"deeper than {DeepestLevel} levels");
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value, out var meant)
                ? meant
                : throw new YamlException(alias.Start, alias.Start, $"no anchor &{alias.Value} before this alias");
        }

        var start = parser.Accept<NodeEvent>(out var node) ? node : throw new YamlException("a value was expected");
        CheckTag(start);
        ConfigNode read = start switch
        {
            MappingStart => ReadMap(parser, level),
            SequenceStart => ReadList(parser, level),
            _ => ReadScalar(parser),
        };
        if (!start.Anchor.IsEmpty) _anchors[start.Anchor] = read;
        return read;
    }

    private ScalarNode ReadScalar(Parser parser)
    {
        var scalar = parser.Consume<Scalar>();
        return new ScalarNode(At(scalar), scalar.Value, scalar.Style is ScalarStyle.Plain);
    }

    private ListNode ReadList(Parser parser, int level)
    {
        var start = parser.Consume<SequenceStart>();
        var items = new List<ConfigNode>();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Read(parser, level + 1));
        return new ListNode(At(start), items);
    }

    private MapNode ReadMap(Parser parser, int level)
    {
        var start = parser.Consume<MappingStart>();
        var entries = new Dictionary<string, MapEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Read(parser, level + 1);
            var value = Read(parser, level + 1);
            if (key is not ScalarNode name)
            {
                context.Add(key.At, "", $"has {key.Describe()} as a key; write a name");
            }
            else if (!entries.TryAdd(name.Text, new MapEntry(name.Text, name.At, value)))
            {
                context.Add(name.At, name.Text, $"is written twice, first in line {entries[name.Text].KeyAt.Line}; keep one");
            }
        }

        return new MapNode(At(start), [.. entries.Values]);
    }

    private void CheckTag(NodeEvent node)
    {
        if (node.Tag.IsEmpty || node.Tag.IsNonSpecific) return;
        context.Add(At(node), "", $"has the tag {Quoting.Show(node.Tag.Value)}; write the value without a tag");
    }

    private ConfigLocation At(ParsingEvent node) => At(node.Start);

    private ConfigLocation At(Mark mark) => new(source, Math.Max(1, mark.Line), Math.Max(1, mark.Column));
}
