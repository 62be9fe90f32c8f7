using UpgradeWatch.Connectors.Scrape.Breakdowns;

namespace UpgradeWatch.Connectors.Scrape.Series;

/// <summary>The last value of a series.</summary>
internal sealed class SeriesState
{
    /// <summary>Its last value; NaN before the first.</summary>
    public double Value { get; set; } = double.NaN;

    /// <summary>What it gained lately; null while it is not counted by itself.</summary>
    public LabelTally? Tally { get; set; }

    /// <summary>When that was, in seconds of Unix time.</summary>
    public double At { get; set; }

    /// <summary>Number of the pass in which that was.</summary>
    public int Pass { get; set; }
}
