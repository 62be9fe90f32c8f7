using System.Text;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Upgrades;

/// <summary>What is worth a mark in everybody's dashboards, and how it is tagged. Annotation stores are made for few.</summary>
internal static class AnnotationRules
{
    /// <summary>Points of one upgrade in an hour, the last of which is kept for the final verdict.</summary>
    public const int MostAnHour = 6;

    /// <summary>
    /// Whether a finding turned bad, or good again, or a person took it out of deciding, or put it back. What only informs
    /// or flickers is no turn.
    /// </summary>
    public static bool IsTurn(Finding? old, Finding now) =>
        IsAcknowledgement(old, now) || IsBad(old?.Result) != IsBad(now.Result) || (IsBad(now.Result) && old?.Result.Status != now.Result.Status);

    /// <summary>Whether an acknowledgement began, changed or ended.</summary>
    public static bool IsAcknowledgement(Finding? old, Finding now) => old?.Acknowledged != now.Acknowledged;

    /// <summary>Whether it has become known where a finding is that was marked without it.</summary>
    public static bool IsExplained(SliFinding old, SliFinding now) => IsBad(now) && old.Where is null && now.Where is not null;

    /// <summary>Whether a verdict is marked: each that decides something, and the final one.</summary>
    public static bool IsWorthAPoint(Verdict old, Verdict now) =>
        (now.Final && !old.Final) || (now.Status != old.Status && now.Status != FindingStatus.Pending);

    /// <summary>"1.4.2 to 1.5.0", or "to 1.5.0".</summary>
    public static string Versions(Upgrade upgrade) =>
        upgrade.FromVersion is null ? $"to {upgrade.ToVersion}" : $"{upgrade.FromVersion} to {upgrade.ToVersion}";

    /// <summary>The tags of an annotation; each has at most one colon, because Grafana drops what follows a second.</summary>
    public static IReadOnlyList<string> Tags(Upgrade upgrade, string tag, string key, InstanceOptions instance)
    {
        List<string> tags = ["upgradewatch", $"target:{Clean(upgrade.Target)}", $"upgrade:{Clean(upgrade.Id)}", CleanTag(tag), $"uwkey:{key}"];
        tags.AddRange(instance.Labels.Take(4).Select(label => $"{Clean(label.Key)}:{Clean(label.Value)}"));
        return tags;
    }

    /// <summary>Whether a finding is one that people want to know of.</summary>
    public static bool IsBad(SliFinding? finding) => finding switch
    {
        { Status: FindingStatus.Fail } => true,
        { Status: FindingStatus.Warn, Code: FindingCodes.Transient or FindingCodes.Recovered or FindingCodes.Gaps or FindingCodes.Provisional } => false,
        { Status: FindingStatus.Warn } => true,
        _ => false,
    };

    private static string CleanTag(string tag)
    {
        var colon = tag.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? Clean(tag) : $"{Clean(tag[..colon])}:{Clean(tag[(colon + 1)..])}";
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (clean.Length == 80) break;
            clean.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_');
        }

        return clean.Length == 0 ? "_" : clean.ToString();
    }
}
