using System.Text;
using System.Text.Unicode;

namespace UpgradeWatch.Connectors.Scrape.Exposition;

/// <summary>Reads the braces of a sample.</summary>
internal static class LabelText
{
    /// <summary>Finds where the labels end.</summary>
    /// <param name="line">The line.</param>
    /// <param name="open">Index of the opening brace.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="end">Index behind the closing brace.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? FindEnd(ReadOnlySpan<byte> line, int open, ExpositionLimits limits, out int end) =>
        Walk(line, open, limits, into: null, out end);

    /// <summary>Reads the labels into a list, in the order in which they are written.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? Read(ReadOnlySpan<byte> line, int open, ExpositionLimits limits, List<KeyValuePair<string, string>> into) =>
        Walk(line, open, limits, into, out _);

    private static string? Walk(ReadOnlySpan<byte> line, int open, ExpositionLimits limits, List<KeyValuePair<string, string>>? into, out int end)
    {
        end = open + 1;
        while (true)
        {
            SkipBlanks(line, ref end);
            if (Take(line, (byte)'}', ref end)) return null;

            var problem = Label(line, limits, into, ref end);
            if (problem is not null) return problem;

            SkipBlanks(line, ref end);
            if (Take(line, (byte)',', ref end)) continue;
            if (Take(line, (byte)'}', ref end)) return null;

            return $"after a label a comma or }} is expected, not {Shown.At(line, end)}";
        }
    }

    private static string? Label(ReadOnlySpan<byte> line, ExpositionLimits limits, List<KeyValuePair<string, string>>? into, ref int at)
    {
        var name = line.Slice(at, Names.LabelLength(line[at..]));
        if (name.IsEmpty) return $"a label name is expected, not {Shown.At(line, at)}";

        at += name.Length;
        SkipBlanks(line, ref at);
        if (!Take(line, (byte)'=', ref at)) return $"after the label name {Shown.Text(name)} an = is expected, not {Shown.At(line, at)}";

        SkipBlanks(line, ref at);
        if (!Take(line, (byte)'"', ref at)) return $"the value of the label {Shown.Text(name)} must begin with a quote, not {Shown.At(line, at)}";

        var start = at;
        if (!FindQuote(line, ref at)) return $"the value of the label {Shown.Text(name)} has no closing quote";

        var value = line[start..at++];
        if (value.Length > limits.LabelValueBytes) return $"the value of the label {Shown.Text(name)} has {value.Length} bytes, at most {limits.LabelValueBytes} are read";
        return into is null ? null : Keep(name, value, into);
    }

    private static string? Keep(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, List<KeyValuePair<string, string>> into)
    {
        if (!Utf8.IsValid(value)) return $"the value of the label {Shown.Text(name)} is not UTF-8";

        var label = Encoding.UTF8.GetString(name);
        foreach (var other in into)
        {
            if (other.Key == label) return $"the label {label} is there twice";
        }

        into.Add(new(label, Unescape(value)));
        return null;
    }

    private static string Unescape(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value);
        if (!text.Contains('\\')) return text;

        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at] == '\\' && at + 1 < text.Length ? text[at + 1] : '\0';
            // Prometheus too leaves an escape that it does not know as it is.
            char? replaced = next switch { '\\' => '\\', '"' => '"', 'n' => '\n', _ => null };
            plain.Append(replaced ?? text[at]);
            if (replaced is not null) at++;
        }

        return plain.ToString();
    }

    private static bool FindQuote(ReadOnlySpan<byte> line, ref int at)
    {
        while (at < line.Length)
        {
            var next = line[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0) return false;

            at += next;
            if (line[at] == '"') return true;

            at += 2;
        }

        return false;
    }

    private static bool Take(ReadOnlySpan<byte> line, byte symbol, ref int at)
    {
        if (at >= line.Length || line[at] != symbol) return false;

        at++;
        return true;
    }

    private static void SkipBlanks(ReadOnlySpan<byte> line, ref int at)
    {
        while (at < line.Length && line[at] is (byte)' ' or (byte)'\t') at++;
    }
}
