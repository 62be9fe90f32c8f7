namespace UpgradeWatch.Plots;

/// <summary>A series around a change, to be drawn.</summary>
internal sealed record Plot
{
    /// <summary>Shown above.</summary>
    public required string Title { get; init; }

    /// <summary>What was found, under the title; empty for nothing.</summary>
    public string Sentence { get; init; } = "";

    /// <summary>Unit of the values: <c>ratio</c>, <c>seconds</c>, <c>bytes</c>, any other word, or empty.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The values in the order of time.</summary>
    public required IReadOnlyList<PlotPoint> Points { get; init; }

    /// <summary>When the change was, seconds since 1970.</summary>
    public required double ChangeAt { get; init; }

    /// <summary>What the change is called.</summary>
    public string ChangeLabel { get; init; } = "change";

    /// <summary>The stretch in which something was found; null for none.</summary>
    public PlotStretch? Flagged { get; init; }

    /// <summary>Begins the ids in the picture; each picture of a page needs another.</summary>
    public string Id { get; init; } = "plot";
}

/// <summary>One value with what was to be expected of it; NaN where there is nothing.</summary>
/// <param name="Time">Seconds since 1970.</param>
/// <param name="Value">The value.</param>
/// <param name="Expected">What is tolerated, or usual in the short run.</param>
/// <param name="Placebo">How far the series strays after moments at which nothing was changed.</param>
internal readonly record struct PlotPoint(double Time, double Value, PlotRange Expected, PlotRange Placebo);

/// <summary>A range of values; NaN for none.</summary>
internal readonly record struct PlotRange(double Lower, double Upper)
{
    public bool IsKnown => double.IsFinite(Lower) && double.IsFinite(Upper);
}

/// <summary>A stretch of time.</summary>
/// <param name="From">Its beginning, seconds since 1970.</param>
/// <param name="To">Its end.</param>
/// <param name="Label">What it is called.</param>
internal sealed record PlotStretch(double From, double To, string Label);
