namespace UpgradeWatch.Connectors.Scrape.Steps;

/// <summary>Increments of counters added up over one scrape.</summary>
internal struct CounterSum
{
    private int _known;
    private double _sum;

    /// <summary>The sum; NaN when no series was there of which the increment is known.</summary>
    public readonly double Value => _known > 0 ? _sum : double.NaN;

    /// <summary>Adds one series.</summary>
    /// <param name="increment">Its increment; NaN when it is not known.</param>
    public void Add(double increment)
    {
        if (double.IsNaN(increment)) return;

        _known++;
        _sum += increment;
    }
}
