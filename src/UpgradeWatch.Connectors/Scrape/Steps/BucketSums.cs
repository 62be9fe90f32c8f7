namespace UpgradeWatch.Connectors.Scrape.Steps;

/// <summary>Increments of a histogram's buckets added up by bound over one scrape.</summary>
internal sealed class BucketSums
{
    private readonly SortedList<double, (int Series, CounterSum Sum)> _bounds = [];
    private double[] _layout = [];

    /// <summary>Begins a scrape.</summary>
    public void Begin()
    {
        for (var index = 0; index < _bounds.Count; index++) _bounds.SetValueAtIndex(index, default);
    }

    /// <summary>Adds one bucket.</summary>
    /// <param name="bound">Its upper bound in seconds.</param>
    /// <param name="increment">Its increment; NaN when it is not known.</param>
    public void Add(double bound, double increment)
    {
        _bounds.TryGetValue(bound, out var entry);
        entry.Series++;
        entry.Sum.Add(increment);
        _bounds[bound] = entry;
    }

    /// <summary>
    /// The bounds that all histograms of the scrape have; a bound that only some have would count only their events.
    /// Null when no increment is known.
    /// </summary>
    public BucketRow? End()
    {
        var histograms = 0;
        foreach (var (series, _) in _bounds.Values) histograms = Math.Max(histograms, series);

        var bounds = new List<double>(_layout.Length);
        var counts = new List<double>(_layout.Length);
        foreach (var (bound, (series, sum)) in _bounds)
        {
            if (series != histograms || double.IsNaN(sum.Value)) continue;

            bounds.Add(bound);
            counts.Add(sum.Value);
        }

        // Without the last bound it is not known how many there are.
        if (counts.Count == 0 || !double.IsPositiveInfinity(bounds[^1])) return null;

        if (!bounds.SequenceEqual(_layout)) _layout = [.. bounds];
        return new BucketRow(_layout, [.. counts]);
    }
}
