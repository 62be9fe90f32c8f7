using System.Globalization;
using System.Text.RegularExpressions;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.Upgrades;

/// <summary>How many samples of Prometheus an UpgradeWatch says that it fetched, and how many of them it needed.</summary>
internal sealed partial record SampleCounts(double Fetched, double Needed)
{
    public static SampleCounts operator -(SampleCounts later, SampleCounts earlier) =>
        new(later.Fetched - earlier.Fetched, later.Needed - earlier.Needed);

    /// <summary>What its metrics say now.</summary>
    public static async Task<SampleCounts> ReadAsync(UpgradeWatchServer server)
    {
        using var client = new HttpClient();
        var exposition = await client.GetStringAsync(new Uri(server.MetricsUrl, "/metrics"));
        return new SampleCounts(Value(Fetches().Match(exposition)), Value(Needs().Match(exposition)));
    }

    private static double Value(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^upgradewatch_source_samples_total\{source="prometheus"\} (\S+)$""", RegexOptions.Multiline)]
    private static partial Regex Fetches();

    [GeneratedRegex("""^upgradewatch_source_samples_needed_total\{source="prometheus"\} (\S+)$""", RegexOptions.Multiline)]
    private static partial Regex Needs();
}
