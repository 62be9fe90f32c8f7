namespace UpgradeWatch.Connectors.Scrape;

/// <summary>
/// Metric names of the last hour. A plan that is made right after a metric has vanished must still ask for it, or
/// nobody would miss it.
/// </summary>
internal sealed class RecentNames
{
    private const double ReachSeconds = 3600;

    private readonly Dictionary<string, double> _vanished = [];
    private IReadOnlyList<string> _present = [];

    /// <summary>Takes over the names that are there now; gives them with those that vanished not long ago.</summary>
    /// <param name="present">Names that are there.</param>
    /// <param name="at">Now, in seconds of Unix time.</param>
    public IReadOnlySet<string> Update(IReadOnlyList<string> present, double at)
    {
        foreach (var name in _present) _vanished[name] = at;
        foreach (var name in present) _vanished.Remove(name);
        foreach (var (name, since) in _vanished)
        {
            if (at - since > ReachSeconds) _vanished.Remove(name);
        }

        _present = present;
        return present.Concat(_vanished.Keys).ToHashSet();
    }
}
