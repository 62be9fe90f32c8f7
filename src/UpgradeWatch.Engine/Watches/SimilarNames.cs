namespace UpgradeWatch.Engine.Watches;

/// <summary>Which metric a vanished one may be called now.</summary>
internal static class SimilarNames
{
    private const int Most = 3;
    private const double LeastOverlap = 0.4;

    private static readonly string[] Parts = ["_bucket", "_sum", "_count"];

    /// <summary>Up to three names that share most of their words with the vanished ones, best first; not the other parts of their own histograms.</summary>
    public static IReadOnlyList<string> Find(IReadOnlyCollection<string> vanished, IReadOnlyList<string> present) =>
    [
        .. present
            .Where(name => vanished.All(old => Family(old) != Family(name)))
            .Select(name => (Name: name, Score: vanished.Max(old => Overlap(old, name))))
            .Where(candidate => candidate.Score >= LeastOverlap)
            .OrderByDescending(candidate => candidate.Score)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(Most)
            .Select(candidate => candidate.Name),
    ];

    private static string Family(string name) => Parts.FirstOrDefault(part => name.EndsWith(part, StringComparison.Ordinal)) is { } part ? name[..^part.Length] : name;

    // Share of words in common (Jaccard): renames keep most of the words of a name.
    private static double Overlap(string a, string b)
    {
        var first = a.Split('_', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var second = b.Split('_', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var common = first.Count(second.Contains);
        return common == 0 ? 0 : (double)common / (first.Count + second.Count - common);
    }
}
