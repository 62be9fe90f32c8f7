using System.Text.Json.Nodes;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Cli.Offline;

/// <summary>What the analysis of one series found.</summary>
internal static class AnalysisReport
{
    /// <summary>As text for people.</summary>
    public static void Write(TextWriter output, DateTimeOffset changeAt, string unit, SeriesResult result)
    {
        var finding = result.Finding;
        output.WriteLine($"{finding.Status.ToText()} ({finding.Code})");
        output.WriteLine($"  {finding.Reason}");
        var table = new Table("BEFORE", "EXPECTED", "NOW", "CHANGE", "P", "FLAGGED AFTER", "STEPS BEFORE", "STEPS AFTER");
        table.Add(
            Shown.Value(finding.Baseline, unit), $"{Shown.Value(finding.ExpectedLower, unit)} to {Shown.Value(finding.ExpectedUpper, unit)}", Shown.Value(finding.Current, unit),
            finding.ChangeRatio is null ? null : $"x{Shown.Number(finding.ChangeRatio)}", Probability(finding.PValue),
            result.FirstFlagged is { } flagged ? Shown.Duration(DateTimeOffset.UnixEpoch.AddSeconds(flagged) - changeAt) : null,
            $"{finding.BaselineSamples}", $"{finding.ObservedSamples}");
        table.Write(output, "  ");
    }

    /// <summary>As JSON; numbers that do not exist are null.</summary>
    public static string ToJson(string file, DateTimeOffset changeAt, SeriesResult result)
    {
        var finding = result.Finding;
        double? minutes = result.FirstFlagged is { } flagged ? (flagged - (changeAt - DateTimeOffset.UnixEpoch).TotalSeconds) / 60 : null;
        return ConfigReport.Print(new JsonObject
        {
            ["file"] = file,
            ["changeAt"] = changeAt.UtcDateTime,
            ["status"] = finding.Status.ToText(),
            ["code"] = finding.Code,
            ["reason"] = finding.Reason,
            ["baseline"] = finding.Baseline,
            ["expectedLower"] = finding.ExpectedLower,
            ["expectedUpper"] = finding.ExpectedUpper,
            ["current"] = finding.Current,
            ["changeRatio"] = finding.ChangeRatio,
            ["changeLower"] = finding.ChangeLower,
            ["changeUpper"] = finding.ChangeUpper,
            ["pValue"] = finding.PValue,
            ["score"] = result.Score,
            ["since"] = finding.Since?.UtcDateTime,
            ["firstFlaggedAt"] = result.FirstFlagged is { } at ? DateTimeOffset.UnixEpoch.AddSeconds(at).UtcDateTime : null,
            ["minutesToFlag"] = minutes,
            ["stepSeconds"] = result.StepSeconds,
            ["samples"] = new JsonObject { ["baseline"] = finding.BaselineSamples, ["observed"] = finding.ObservedSamples },
        });
    }

    /// <summary>Less than this is not known to be that rare.</summary>
    private static string Probability(double? p) => p < 0.005 ? "<0.005" : Shown.Number(p);
}
