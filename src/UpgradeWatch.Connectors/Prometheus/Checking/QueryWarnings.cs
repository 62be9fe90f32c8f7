using System.Globalization;
using System.Text.RegularExpressions;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>What can be seen in the text of a query of one's own.</summary>
internal static partial class QueryWarnings
{
    public static IReadOnlyList<string> Of(TargetPlan plan, string query)
    {
        var warnings = new List<string>();
        var code = Comment().Replace(Text().Replace(query, "\"\""), "");
        if (Rate().Match(code) is { Success: true } rate)
        {
            warnings.Add($"{rate.Groups[1].Value} loses what happens between two windows and the first value of every new series; give the counters as errors and total, or buckets, and they are counted exactly.");
        }

        foreach (var window in Window().Matches(code).Select(match => match.Groups[1].Value).Distinct())
        {
            if (Seconds(window) > plan.StepSeconds + 1e-9)
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"The window [{window}] is longer than the step of {plan.StepSeconds:0.###} s: neighbouring steps share samples and a change shows late."));
            }
        }

        return warnings;
    }

    private static double Seconds(string duration) => DurationPart().Matches(duration).Sum(part =>
        double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * part.Groups[2].Value switch
        {
            "ms" => 0.001,
            "m" => 60,
            "h" => 3600,
            "d" => 86400,
            "w" => 604800,
            "y" => 31536000,
            _ => 1,
        });

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`")]
    private static partial Regex Text();

    [GeneratedRegex("#.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(rate|irate|increase|delta)\s*\(")]
    private static partial Regex Rate();

    [GeneratedRegex(@"\[\s*([0-9a-z]+)\s*(?::[^\]]*)?\]")]
    private static partial Regex Window();

    [GeneratedRegex("([0-9]+)(ms|[smhdwy])")]
    private static partial Regex DurationPart();
}
