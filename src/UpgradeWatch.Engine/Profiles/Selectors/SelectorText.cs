using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace UpgradeWatch.Engine.Profiles;

/// <summary>Selectors as text, the way PromQL writes them.</summary>
public static class SelectorText
{
    /// <summary>
    /// A string literal of PromQL and LogQL. Every label value and line filter that reaches a query goes through here:
    /// the quote and the backslash end or change the literal, and a newline is not allowed inside it.
    /// </summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(character),
            };
        }

        return text.Append('"').ToString();
    }

    /// <summary>A label matcher, for instance <c>code=~"5.."</c>.</summary>
    public static string ToPromQl(this LabelMatch match) => match.Name + Symbol(match.Operator) + Quote(match.Value);

    /// <summary>Matchers joined by commas, without braces; empty for none.</summary>
    public static string ToPromQl(this IReadOnlyList<LabelMatch> matches) => string.Join(',', matches.Select(ToPromQl));

    /// <summary>The selector, for instance <c>http_requests_total{job="shop",code=~"5.."}</c>.</summary>
    public static string ToPromQl(this Selector selector) => selector.Matches.Count == 0
        ? selector.Metric
        : $"{selector.Metric}{{{selector.Matches.ToPromQl()}}}";

    /// <summary>Adds matchers; one that is there already is not repeated.</summary>
    public static Selector With(this Selector selector, IEnumerable<LabelMatch> matches) =>
        selector with { Matches = [.. selector.Matches.Union(matches)] };

    /// <summary>Reads a plain selector: a metric name with label matchers, without functions, ranges or offsets.</summary>
    /// <param name="text">For instance <c>orders_failed_total{kind="card"}</c>.</param>
    /// <param name="selector">The selector when it could be read.</param>
    /// <param name="error">Otherwise a sentence with the column, counted from 1, and what would be right there.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Selector? selector, [NotNullWhen(false)] out string? error)
    {
        var parser = new SelectorParser(text);
        selector = parser.Parse();
        error = parser.Error;
        return selector is not null;
    }

    /// <summary>Reads a selector that is known to be right.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    internal static Selector Parse(string text) =>
        TryParse(text, out var selector, out var error) ? selector : throw new FormatException(error);

    private static string Symbol(MatchOperator matchOperator) => matchOperator switch
    {
        MatchOperator.Equal => "=",
        MatchOperator.NotEqual => "!=",
        MatchOperator.Matches => "=~",
        _ => "!~",
    };
}
