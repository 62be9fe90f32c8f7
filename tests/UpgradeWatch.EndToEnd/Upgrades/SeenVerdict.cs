using System.Globalization;
using System.Text.Json;

namespace UpgradeWatch.EndToEnd.Upgrades;

/// <summary>What <c>upgradewatch wait</c> said.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Json">The verdict as the API gives it.</param>
internal sealed record SeenVerdict(int ExitCode, JsonElement Json)
{
    public string Status => Text(Json, "status");

    public string Code => Text(Json, "code");

    public string Summary => Text(Json, "summary");

    public bool IsFinal => Json.GetProperty("final").GetBoolean();

    /// <summary>The finding of an SLI.</summary>
    public Finding Of(string sli) => Findings.Single(finding => finding.Sli == sli);

    /// <summary>All findings.</summary>
    public IEnumerable<Finding> Findings => Json.GetProperty("findings").EnumerateArray().Select(finding => new Finding(
        Text(finding, "sli"), Text(finding, "status"), Text(finding, "code"), Text(finding, "reason"),
        Number(finding, "baseline"), Number(finding, "current"), Number(finding, "changeRatio")));

    /// <summary>Everything that matters, for the log of a test and the message of a failed one.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Text(Json, "target")}: exit code {ExitCode}, {Status} ({Code}){(IsFinal ? ", final" : "")}: {Summary}\n{string.Join('\n', Findings.Select(finding => $"    {finding}"))}");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static double Number(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;

    /// <summary>What was found about an SLI; numbers that do not exist are NaN.</summary>
    internal sealed record Finding(string Sli, string Status, string Code, string Reason, double Baseline, double Current, double ChangeRatio)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Status} ({Code}), change {ChangeRatio:0.###}: {Reason}");
    }
}
