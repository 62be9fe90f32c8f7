namespace UpgradeWatch.Engine.Profiles;

/// <summary>How a label is compared.</summary>
public enum MatchOperator
{
    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>=~</c>, anchored RE2.</summary>
    Matches,

    /// <summary><c>!~</c>, anchored RE2.</summary>
    NotMatches,
}

/// <summary>One label matcher.</summary>
public sealed record LabelMatch(string Name, MatchOperator Operator, string Value);

/// <summary>Series picked by metric name and labels; understood by Prometheus and by the direct scrape alike.</summary>
/// <param name="Metric">Metric name.</param>
/// <param name="Matches">Label matchers, all of which must hold.</param>
public sealed record Selector(string Metric, IReadOnlyList<LabelMatch> Matches);
