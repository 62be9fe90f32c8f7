using System.Text;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Upgrades;

/// <summary>What a point outside says: the verdict, when it is about that, and the findings that turned, together.</summary>
internal static class PointText
{
    // Beyond that nobody reads on, and the verdict has them all.
    private const int MostFindings = 8;

    /// <summary>The text of a point.</summary>
    /// <param name="upgrade">The upgrade.</param>
    /// <param name="verdict">The verdict; null where only findings turned.</param>
    /// <param name="findings">The findings that turned, each with what is to be said about it.</param>
    /// <param name="isLate">Whether changes before were held back.</param>
    public static string Of(Upgrade upgrade, Verdict? verdict, IReadOnlyList<(Finding Finding, string Reason)> findings, bool isLate)
    {
        var text = new StringBuilder(upgrade.Target);
        if (verdict is not null)
        {
            var late = isLate ? " (changes before that were held back)" : "";
            text.Append($" {AnnotationRules.Versions(upgrade)}: {(verdict.Final ? "final verdict" : "verdict")} {verdict.Status.ToText()}{late}. {verdict.Summary}");
        }

        var separator = verdict is null ? ": " : "\n";
        foreach (var (finding, reason) in findings.Take(MostFindings))
        {
            text.Append($"{separator}{finding.Sli} {finding.Result.Status.ToText()} ({finding.Code}).");
            // The summary is the reason of the finding that decided, as a rule.
            if (verdict is null || !verdict.Summary.Contains(reason, StringComparison.Ordinal)) text.Append(' ').Append(reason);
            separator = "\n";
        }

        if (findings.Count > MostFindings) text.Append($"\nand {findings.Count - MostFindings} more findings.");
        return text.ToString();
    }
}
