using System.Text.RegularExpressions;

namespace UpgradeWatch.Dashboards;

/// <summary>Writes PromQL.</summary>
internal static partial class PromQl
{
    /// <summary>On one line.</summary>
    public static string OneLine(string expression) => WhiteSpace().Replace(expression.Trim(), " ").Replace("( ", "(", StringComparison.Ordinal).Replace(" )", ")", StringComparison.Ordinal);

    /// <summary>Names of metrics in it.</summary>
    public static IEnumerable<string> Metrics(string expression) => Metric().Matches(expression).Select(found => found.Value).Distinct();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"\b(upgradewatch|process|dotnet)_[a-z_]+\b")]
    private static partial Regex Metric();
}
