using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace UpgradeWatch.Engine.Profiles;

/// <summary>Tells which series a selector picks, as Prometheus does: patterns are anchored, a missing label is empty. Safe for concurrent use.</summary>
public sealed class SelectorMatcher
{
    private readonly string _metric;
    private readonly IReadOnlyList<(LabelMatch Match, Regex? Pattern)> _matches;

    private SelectorMatcher(string metric, IReadOnlyList<(LabelMatch, Regex?)> matches)
    {
        _metric = metric;
        _matches = matches;
    }

    /// <summary>Prepares a selector.</summary>
    /// <param name="selector">The selector.</param>
    /// <param name="matcher">Null when a pattern cannot be used.</param>
    /// <param name="error">Then a sentence that names the label and the pattern.</param>
    public static bool TryCreate(Selector selector, [NotNullWhen(true)] out SelectorMatcher? matcher, [NotNullWhen(false)] out string? error)
    {
        matcher = null;
        var matches = new List<(LabelMatch, Regex?)>();
        foreach (var match in selector.Matches)
        {
            Regex? pattern = null;
            if (match.Operator is MatchOperator.Matches or MatchOperator.NotMatches && !TryCompile(match, out pattern, out error)) return false;

            matches.Add((match, pattern));
        }

        matcher = new SelectorMatcher(selector.Metric, matches);
        error = null;
        return true;
    }

    /// <summary>Whether a series is picked.</summary>
    /// <param name="metric">Its name.</param>
    /// <param name="labels">Its other labels.</param>
    public bool IsMatch(string metric, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        if (metric != _metric) return false;

        foreach (var (match, pattern) in _matches)
        {
            if (!Holds(match, pattern, ValueOf(labels, match.Name))) return false;
        }

        return true;
    }

    private static bool Holds(LabelMatch match, Regex? pattern, string value) => match.Operator switch
    {
        MatchOperator.Equal => value == match.Value,
        MatchOperator.NotEqual => value != match.Value,
        MatchOperator.Matches => pattern!.IsMatch(value),
        _ => !pattern!.IsMatch(value),
    };

    private static string ValueOf(IReadOnlyList<KeyValuePair<string, string>> labels, string name)
    {
        for (var index = 0; index < labels.Count; index++)
        {
            if (labels[index].Key == name) return labels[index].Value;
        }

        return "";
    }

    private static bool TryCompile(LabelMatch match, [NotNullWhen(true)] out Regex? pattern, [NotNullWhen(false)] out string? error)
    {
        try
        {
            // Without backtracking a pattern costs linear time, and what RE2 does not have either (look-around,
            // back references) is refused.
            pattern = new Regex($@"\A(?s:{match.Value})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            error = null;
            return true;
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            pattern = null;
            error = $"{match.ToPromQl()}: the pattern cannot be used ({problem.Message}).";
            return false;
        }
    }
}
