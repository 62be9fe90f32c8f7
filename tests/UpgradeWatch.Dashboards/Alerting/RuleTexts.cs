using System.Globalization;
using System.Text;

namespace UpgradeWatch.Dashboards.Alerting;

/// <summary>What both kinds of rules say: the annotations of an alert, and how YAML is written.</summary>
internal static class RuleTexts
{
    /// <summary>The annotations in their order.</summary>
    public static IEnumerable<(string Name, string Text)> Annotations(Alert alert) =>
    [
        ("summary", alert.Summary),
        ("description", alert.Description),
        ("runbook_url", $"<with links><runbook>#{alert.Name.ToLowerInvariant()}<end>"),
        ("dashboard_url", "<with links><dashboard><end>"),
    ];

    /// <summary>A text as a scalar in double quotes.</summary>
    public static string Quoted(string text) =>
        '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';

    /// <summary>A text of several lines as a block, indented.</summary>
    public static string Block(string text, int indent)
    {
        var block = new StringBuilder("|-\n");
        foreach (var line in text.Split('\n')) block.Append(' ', indent).Append(line.TrimEnd()).Append('\n');
        return block.ToString().TrimEnd('\n');
    }

    /// <summary>Adds a line.</summary>
    public static void Line(this StringBuilder yaml, int indent, string line) =>
        yaml.Append(CultureInfo.InvariantCulture, $"{new string(' ', indent)}{line}\n");
}
