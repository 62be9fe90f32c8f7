using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Numerics;
using UpgradeWatch.Analysis.Offline;

namespace UpgradeWatch.Benchmarks.PublicData;

/// <summary>A series that somebody really measured, once a minute.</summary>
/// <param name="Name">Its name in the data set.</param>
/// <param name="Rows">Its values.</param>
internal sealed record RealSeries(string Name, SeriesRow[] Rows)
{
    /// <summary>When it begins, seconds since 1970.</summary>
    public double Begin => Rows[0].Timestamp;

    /// <summary>When it ends, seconds since 1970.</summary>
    public double End => Rows[^1].Timestamp;

    /// <summary>A change in it, to be judged as the product would.</summary>
    public SeriesInput InputAt(double changeAt) => new()
    {
        Rows = Rows,
        ChangeAt = changeAt,
        Measure = Measure.Gauge,
        Direction = Direction.Both,
    };
}

/// <summary>A change of which it is known whether it was erroneous.</summary>
/// <param name="Series">The series.</param>
/// <param name="ChangeAt">When, seconds since 1970.</param>
/// <param name="IsAbnormal">Whether it was erroneous.</param>
/// <param name="Pair">Cases of a pair belong together: they are drawn together, or not at all.</param>
internal sealed record LabelledChange(RealSeries Series, double ChangeAt, bool IsAbnormal, int Pair)
{
    private const double FarOff = 5;

    /// <summary>Minutes until the first value that is five spreads off the hour before; null when none is.</summary>
    public double? MinutesUntilItShows()
    {
        double[] before = [.. Series.Rows.Where(row => row.Timestamp >= ChangeAt - 3600 && row.Timestamp < ChangeAt && double.IsFinite(row.Value)).Select(row => row.Value)];
        var center = Robust.Median(before);
        var far = FarOff * Robust.MadN(before, center);
        return Series.Rows.Where(row => row.Timestamp >= ChangeAt && Math.Abs(row.Value - center) > far)
            .Select(row => (double?)(row.Timestamp - ChangeAt) / 60).FirstOrDefault();
    }
}
