using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Engine.Verdicts;
using UpgradeWatch.Plots;

namespace UpgradeWatch.Cli.Offline;

/// <summary>What is drawn of an analysis.</summary>
internal static class AnalysisPlot
{
    public static Plot Of(SeriesResult result, string unit, string name)
    {
        var finding = result.Finding;
        return new Plot
        {
            Title = $"{name}: {finding.Status.ToText()}{(finding.Code == FindingCodes.None ? "" : $" ({finding.Code})")}",
            Sentence = finding.Reason,
            Unit = unit,
            Points = [.. result.Band.Select(point => new PlotPoint(
                point.Timestamp, point.Value, new PlotRange(point.Lower, point.Upper), new PlotRange(point.PlaceboLower, point.PlaceboUpper)))],
            ChangeAt = result.ChangeAt,
            Flagged = Flagged(result),
        };
    }

    private static PlotStretch? Flagged(SeriesResult result)
    {
        var since = result.Finding.Since is { } at ? (at - DateTimeOffset.UnixEpoch).TotalSeconds : result.FirstFlagged;
        if (since is not { } from || result.Band.Count == 0) return null;
        var label = result.Finding.Status is FindingStatus.Fail or FindingStatus.Warn ? "abnormal" : "unusual";
        var recovered = result.Finding.Code == FindingCodes.Recovered ? result.Course.LastOrDefault(point => point.Status == FindingStatus.Fail).Timestamp : 0;
        var begin = Math.Max(from, result.ChangeAt);
        return new PlotStretch(begin, recovered > begin ? recovered : result.Band[^1].Timestamp, label);
    }
}
