using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Says in what series differ where only one can be judged.</summary>
internal static class SeveralSeries
{
    private const int ValuesShown = 3;

    public static SourceFailure Refuse(string signal, IReadOnlyList<IReadOnlyDictionary<string, string>> series)
    {
        var labels = string.Join("; ", Differing(series).Select(label => $"{label} ({Values(series, label)})"));
        return new SourceFailure(
            SourceFailureKind.Refused,
            $"{signal} gives {series.Count} series where one number is needed; they differ in {labels}. Set aggregation to sum, avg, max or min, or pick one series by its labels.");
    }

    /// <summary>Names of the labels that are not the same on all series.</summary>
    public static IEnumerable<string> Differing(IReadOnlyList<IReadOnlyDictionary<string, string>> series) => series
        .SelectMany(labels => labels.Keys)
        .Distinct()
        .Where(label => series.Select(labels => labels.GetValueOrDefault(label)).Distinct().Count() > 1)
        .Order(StringComparer.Ordinal);

    private static string Values(IReadOnlyList<IReadOnlyDictionary<string, string>> series, string label)
    {
        var values = series.Select(labels => labels.GetValueOrDefault(label) ?? "").Distinct().Order(StringComparer.Ordinal).ToArray();
        return string.Join(", ", values.Take(ValuesShown)) + (values.Length > ValuesShown ? ", …" : "");
    }
}
