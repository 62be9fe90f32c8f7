using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Engine.Verdicts;

/// <summary>The sentences of a verdict that no single finding gives.</summary>
internal static class VerdictText
{
    /// <summary>What was looked at, for a pass, and what could not be.</summary>
    public static string Pass(IReadOnlyList<Finding> findings, IReadOnlyList<string> leftOut, DateTimeOffset? from, TimeSpan watched)
    {
        var judged = findings.Count(f => f.Acknowledged is null && f.Result.Status is FindingStatus.Pass or FindingStatus.Warn);
        var span = from is { } start && watched > TimeSpan.Zero ? $" over {Show(watched)} since {start.ToUniversalTime():HH:mm} UTC" : "";
        var unseen = leftOut.Count == 0 ? "" : $" Not judged, as there is no sample before or after: {string.Join(", ", leftOut)}.";
        return $"Nothing abnormal in {judged} {(judged == 1 ? "SLI" : "SLIs")}{span}.{unseen}";
    }

    /// <summary>Which findings were taken out of deciding, and by whom; empty for none. The reasons stand with the findings.</summary>
    public static string Acknowledged(IReadOnlyList<Finding> findings)
    {
        var taken = findings.Where(f => f.Acknowledged is not null).Select(f => $"{f.Sli} by {f.Acknowledged!.By ?? "somebody"}").ToList();
        return taken.Count == 0 ? "" : $"{taken.Count} {(taken.Count == 1 ? "finding" : "findings")} acknowledged: {string.Join(", ", taken)}.";
    }

    private static string Show(TimeSpan span) => span.TotalMinutes >= 2 ? $"{span.TotalMinutes:0} min" : $"{span.TotalSeconds:0} s";
}
