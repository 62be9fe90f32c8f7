using System.Text;

namespace UpgradeWatch.Connectors.Grafana;

/// <summary>Cuts tags and text to what every Grafana takes whole.</summary>
internal static class AnnotationLimits
{
    /// <summary>Bytes of text; Grafana itself has no limit, its databases have.</summary>
    public const int TextBytes = 2048;

    /// <summary>Bytes of all tags as a JSON array; Grafana refuses more than 500.</summary>
    public const int TagBytes = 450;

    /// <summary>Characters of a tag before the colon, and of the rest.</summary>
    public const int TagPart = 100;

    private const string KeyName = "uwkey";
    private const char Ellipsis = '…';

    /// <summary>The tag by which an annotation is found again.</summary>
    public static string KeyTag(string key) => $"{KeyName}:{key}";

    /// <summary>
    /// The key's tag and then as many of the others as fit. Grafana drops what follows a second colon, and does not find
    /// an annotation by a name that it holds twice, so there is at most one colon, and each name once.
    /// </summary>
    public static IReadOnlyList<string> Tags(string key, IReadOnlyList<string> wanted)
    {
        List<string> tags = [KeyTag(key)];
        HashSet<string> names = [KeyName];
        var bytes = Size(tags[0]);
        foreach (var tag in wanted)
        {
            var (name, value) = Split(tag);
            var clean = value.Length == 0 ? name : $"{name}:{value}";
            if (name.Length == 0 || bytes + Size(clean) > TagBytes || !names.Add(name)) continue;
            tags.Add(clean);
            bytes += Size(clean);
        }

        return tags;
    }

    /// <summary>The text, cut between two characters when it is too long.</summary>
    public static string Text(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= TextBytes) return text;
        var left = TextBytes - Encoding.UTF8.GetByteCount([Ellipsis]);
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            left -= rune.Utf8SequenceLength;
            if (left < 0) break;
            kept.Append(rune.ToString());
        }

        return kept.Append(Ellipsis).ToString();
    }

    private static (string Name, string Value) Split(string tag)
    {
        var colon = tag.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (Clean(tag), "") : (Clean(tag[..colon]), Clean(tag[(colon + 1)..]));
    }

    private static string Clean(string part)
    {
        var clean = part.Trim();
        return string.Create(Math.Min(clean.Length, TagPart), clean, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                var c = source[i];
                target[i] = char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_';
            }
        });
    }

    /// <summary>Bytes in the array: the tag (ASCII only), two quotes and a comma.</summary>
    private static int Size(string tag) => tag.Length + 3;
}
