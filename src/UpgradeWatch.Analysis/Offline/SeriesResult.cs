using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>One step for a plot, in the SLI's unit; NaN where there is nothing to draw.</summary>
/// <param name="Timestamp">Of the row, seconds since 1970.</param>
/// <param name="Value">What was measured in the step: the value, the ratio, events per second, or the quantile the finding is about.</param>
/// <param name="Lower">Lower end of what is expected.</param>
/// <param name="Upper">Upper end of what is expected.</param>
/// <param name="PlaceboLower">Lower end of how far the series strays when nothing is changed.</param>
/// <param name="PlaceboUpper">Upper end of how far the series strays when nothing is changed.</param>
/// <param name="IsAfter">Whether the step is after the change.</param>
public readonly record struct BandPoint(
    double Timestamp,
    double Value,
    double Lower,
    double Upper,
    double PlaceboLower,
    double PlaceboUpper,
    bool IsAfter);

/// <summary>What is to be said about a series with a change in it.</summary>
public sealed record SeriesResult
{
    /// <summary>The finding at the end of the observation window.</summary>
    public required SliFinding Finding { get; init; }

    /// <summary>Time of the change, seconds since 1970.</summary>
    public required double ChangeAt { get; init; }

    /// <summary>The false-alarm level it was judged at.</summary>
    public required double Alpha { get; init; }

    /// <summary>The inferred length of a step.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>What was to be said after each row since the change.</summary>
    public required IReadOnlyList<CoursePoint> Course { get; init; }

    /// <summary>The time around the change, step by step.</summary>
    public required IReadOnlyList<BandPoint> Band { get; init; }

    /// <summary>
    /// The first row after which it was <c>fail</c> (the last one for what is judged once, at the end), seconds since
    /// 1970; null when it never was.
    /// </summary>
    public double? FirstFlagged => Course.Where(point => point.Status == FindingStatus.Fail).Select(point => (double?)point.Timestamp).FirstOrDefault();

    /// <summary>
    /// How abnormal the series is: -log10 of the p-value, larger is more abnormal, also below the alarm level; 0 when
    /// nothing could be tested; at least that of the level for a failure that needs no test, such as a metric that vanished.
    /// </summary>
    public double Score => ScoreOf(Finding.Status, Finding.PValue);

    /// <summary>The score as it was so many seconds after the change.</summary>
    public double ScoreAfter(double seconds)
    {
        var last = Course.LastOrDefault(point => point.Timestamp < ChangeAt + seconds);
        return ScoreOf(last.Status, last.PValue);
    }

    /// <summary>Whether it had been <c>fail</c> at any time in so many seconds after the change.</summary>
    public bool IsFlaggedWithin(double seconds) => FirstFlagged < ChangeAt + seconds;

    private double ScoreOf(FindingStatus status, double? p)
    {
        var score = p is { } value ? Math.Max(0, -Math.Log10(Math.Max(value, 1e-300))) : 0;
        return status == FindingStatus.Fail ? Math.Max(score, -Math.Log10(Alpha)) : score;
    }
}
