namespace UpgradeWatch.Engine.Profiles;

/// <summary>Proposes metrics that look like requests, for somebody whose target fits no profile.</summary>
internal static class NearNames
{
    private const int Most = 10;

    private static readonly string[] Hints = ["request", "duration", "latency", "http", "rpc", "handled", "error", "fail"];

    // What every exporter has about itself says nothing about the service.
    private static readonly string[] Noise = ["promhttp_", "scrape_", "go_", "process_"];

    public static string Sentence(IReadOnlySet<string> metricNames)
    {
        if (metricNames.Count == 0) return "It has no series at all.";

        var near = metricNames
            .Select(name => (Name: name, Score: Hints.Count(hint => name.Contains(hint, StringComparison.OrdinalIgnoreCase))))
            .Where(candidate => candidate.Score > 0 && !Noise.Any(noise => candidate.Name.StartsWith(noise, StringComparison.Ordinal)))
            .OrderByDescending(candidate => candidate.Score)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(Most)
            .Select(candidate => candidate.Name)
            .ToList();
        return near.Count == 0
            ? $"None of its {metricNames.Count} metrics looks like requests."
            : $"Of its {metricNames.Count} metrics these come nearest: {string.Join(", ", near)}.";
    }
}
