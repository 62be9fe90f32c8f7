using System.Globalization;
using System.Text;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Cli.Offline.Backtest;

/// <summary>Writes one row for each case.</summary>
internal static class ResultsFile
{
    private const string Header = "case,status,p_value,score,first_flagged_at,minutes_to_flag,value,expected,change_ratio,reason";

    /// <summary>Writes them all, or leaves what was there: a file that is there is whole.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string file, IEnumerable<CaseOutcome> outcomes)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var outcome in outcomes) text.Append(Row(outcome)).Append('\n');
        var beside = $"{file}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(beside, text.ToString());
            File.Move(beside, file, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private static string Row(CaseOutcome outcome)
    {
        var one = outcome.Case;
        if (outcome.Result is not { } result) return Csv.Join(one.Name, "inconclusive", "", "0", "", "", "", "", "", outcome.Trouble ?? "");
        var finding = result.Finding;
        return Csv.Join(
            one.Name,
            finding.Status.ToText(),
            Number(finding.PValue),
            Number(result.Score),
            result.FirstFlagged is { } flagged ? Time(flagged, one.InSeconds) : "",
            Number((result.FirstFlagged - one.ChangeAt) / 60),
            Number(finding.Current),
            Number(finding.Baseline),
            Number(finding.ChangeRatio),
            finding.Reason);
    }

    /// <summary>Seven digits are more than any judge knows, and as many as a 32-bit float of history has.</summary>
    private static string Number(double? value) => value?.ToString("G7", CultureInfo.InvariantCulture) ?? "";

    /// <summary>In the form that the list of cases has.</summary>
    private static string Time(double seconds, bool inSeconds) => inSeconds
        ? seconds.ToString("0.###", CultureInfo.InvariantCulture)
        : DateTimeOffset.UnixEpoch.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
