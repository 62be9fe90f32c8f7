using System.Text;
using UpgradeWatch.Analysis.Sentences;

namespace UpgradeWatch.Analysis.Where;

/// <summary>Says where a change is, for people.</summary>
internal static class WhereSentence
{
    private const double All = 0.95;
    private const int LongestValue = 60;

    /// <summary>"All of it is in route /checkout, status 503 (new), on both pods."</summary>
    public static string Of(double? share, List<LabelPart> named, List<LabelPart> spread, List<LabelValue> added)
    {
        var sentence = new StringBuilder();
        var told = new List<LabelValue>();
        if (share is { } part)
        {
            sentence.Append(part >= All ? "All of it is " : $"{Units.Round(100 * part, 2)} % of it is ");
            sentence.Append("in ").AppendJoin(", ", named.Select(label => Name(label, added, told)));
            if (spread.Count > 0) sentence.Append(", on ").Append(List([.. spread.Select(Every)]));
            sentence.Append('.');
        }
        else if (spread.Count > 0)
        {
            sentence.Append("It is spread evenly over ").Append(List([.. spread.Select(Every)])).Append('.');
        }

        var rest = added.Except(told).ToList();
        if (rest.Count == 0)
            return sentence.ToString();
        if (sentence.Length > 0)
            sentence.Append(' ');
        return sentence.Append("New since the upgrade: ").AppendJoin(", ", rest.Select(value => $"{LabelWords.Of(value.Label)} {Show(value.Value)}")).Append('.').ToString();
    }

    private static string Name(LabelPart part, List<LabelValue> added, List<LabelValue> told)
    {
        var word = LabelWords.Of(part.Label);
        if (part.Values.Count == 0)
            return $"the {Plural(word)} that are new";

        return $"{(part.Values.Count == 1 ? word : Plural(word))} {List([.. part.Values.Select(One)])}";

        string One(string value)
        {
            var pair = new LabelValue(part.Label, value);
            if (!added.Contains(pair)) return Show(value);
            told.Add(pair);
            return $"{Show(value)} (new)";
        }
    }

    private static string Every(LabelPart part) =>
        part.Of == 2 ? $"both {Plural(LabelWords.Of(part.Label))}" : $"all {part.Of} {Plural(LabelWords.Of(part.Label))}";

    private static string Plural(string word) =>
        word.EndsWith('s') ? $"{word}es" : word.EndsWith('y') ? $"{word[..^1]}ies" : $"{word}s";

    private static string List(IReadOnlyList<string> parts) =>
        parts.Count == 1 ? parts[0] : $"{string.Join(", ", parts.Take(parts.Count - 1))} and {parts[^1]}";

    /// <summary>A value that anybody may have put there: short, on one line, without what a browser could take for a tag.</summary>
    private static string Show(string value)
    {
        var shown = new StringBuilder(LongestValue + 1);
        foreach (var rune in value.EnumerateRunes())
        {
            if (shown.Length >= LongestValue)
            {
                shown.Append('…');
                break;
            }

            shown.Append(rune.Value switch
            {
                '<' => "‹",
                '>' => "›",
                _ when Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format => "\uFFFD",
                _ => rune.ToString(),
            });
        }

        return value.Length == 0 || value.Any(char.IsWhiteSpace) ? $"\"{shown}\"" : shown.ToString();
    }
}
