using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>Judges a change in a series that is there as a whole.</summary>
public static class SeriesAnalysis
{
    /// <summary>Tolerance where none is configured: 10 % for latencies, 25 % and 0.1 percentage points for ratios, 30 % for counts, none for gauges.</summary>
    public static Tolerance DefaultTolerance(Measure measure) => measure switch
    {
        Measure.Ratio => new Tolerance(0.25, 0.001),
        Measure.Count => new Tolerance(0.30, null),
        Measure.Buckets => new Tolerance(0.10, null),
        _ => Tolerance.None,
    };

    /// <summary>Judges it at the level of the input; see <see cref="SeriesStudy"/>.</summary>
    /// <exception cref="ArgumentException">The bounds and the rows, or the levels, contradict each other; the message names how.</exception>
    public static SeriesResult Analyze(SeriesInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new SeriesStudy(input).Judge(input.Alpha);
    }
}
