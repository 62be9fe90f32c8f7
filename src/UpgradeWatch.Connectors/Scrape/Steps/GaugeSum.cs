using UpgradeWatch.Connectors.Scrape.Series;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Scrape.Steps;

/// <summary>A gauge's series put together over one scrape.</summary>
internal struct GaugeSum
{
    private int _count;
    private double _sum;
    private double _least;
    private double _largest;

    /// <summary>The first series.</summary>
    public ScrapedSeries? First { get; private set; }

    /// <summary>The second series; null when there is at most one.</summary>
    public ScrapedSeries? Second { get; private set; }

    /// <summary>Adds one series.</summary>
    /// <param name="series">The series.</param>
    /// <param name="value">Its value; NaN when it is not known.</param>
    public void Add(ScrapedSeries series, double value)
    {
        if (First is null) First = series;
        else Second ??= series;

        if (double.IsNaN(value)) return;

        _least = _count == 0 ? value : Math.Min(_least, value);
        _largest = _count == 0 ? value : Math.Max(_largest, value);
        _sum += value;
        _count++;
    }

    /// <summary>The series as one number; NaN when there is none, or more than one and nothing says how to put them together.</summary>
    public readonly double Value(GaugeAggregation aggregation) => aggregation switch
    {
        _ when _count == 0 => double.NaN,
        GaugeAggregation.Avg => _sum / _count,
        GaugeAggregation.Max => _largest,
        GaugeAggregation.Min => _least,
        GaugeAggregation.None when Second is not null => double.NaN,
        _ => _sum,
    };
}
