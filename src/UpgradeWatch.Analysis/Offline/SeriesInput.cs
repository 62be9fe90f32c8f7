using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>One row of a series.</summary>
/// <param name="Timestamp">Seconds since 1970, with fractions.</param>
/// <param name="Value">The value of a gauge, or the bad events of a ratio; NaN for a gap; unused for counts and histograms.</param>
/// <param name="Total">All events of a ratio or a count in the step; unused otherwise.</param>
/// <param name="Buckets">Events of the step at or below each bound; null for other measures.</param>
public readonly record struct SeriesRow(double Timestamp, double Value, double Total = double.NaN, double[]? Buckets = null);

/// <summary>A whole series with a change somewhere in it.</summary>
public sealed record SeriesInput
{
    /// <summary>Name for the sentences.</summary>
    public string Name { get; init; } = "value";

    /// <summary>Unit of the values, as in <see cref="SliSpec.Unit"/>; empty for none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The rows, in any order; of rows of the same step the last counts.</summary>
    public required IReadOnlyList<SeriesRow> Rows { get; init; }

    /// <summary>Time of the change in seconds since 1970: rows from then on are after it.</summary>
    public required double ChangeAt { get; init; }

    /// <summary>How it is judged.</summary>
    public required Measure Measure { get; init; }

    /// <summary>Which way is bad.</summary>
    public Direction Direction { get; init; } = Direction.Both;

    /// <summary>Practical tolerance; null for the default of the measure (<see cref="SeriesAnalysis.DefaultTolerance"/>).</summary>
    public Tolerance? Tolerance { get; init; }

    /// <summary>Upper bounds of a histogram, ascending, the last one infinite.</summary>
    public IReadOnlyList<double> Bounds { get; init; } = [];

    /// <summary>Above this it fails by itself; null for none.</summary>
    public double? UpperLimit { get; init; }

    /// <summary>Below this it fails by itself; null for none.</summary>
    public double? LowerLimit { get; init; }

    /// <summary>False-alarm level of the whole series, in (0, 0.5]; 5 %, or this where it is more, is the level of <c>warn</c>.</summary>
    public double Alpha { get; init; } = 0.01;

    /// <summary>How much of the time before the change is the baseline, in seconds; at least 60 steps where there are so many.</summary>
    public double BaselineSeconds { get; init; } = 3600;

    /// <summary>How much of the time before the change is looked at, in seconds.</summary>
    public double HistorySeconds { get; init; } = 7 * 86400;

    /// <summary>How much of the time after the change is looked at, in seconds.</summary>
    public double ObservedSeconds { get; init; } = 7200;

    /// <summary>Whose time of day counts for "the same time on earlier days".</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;
}
