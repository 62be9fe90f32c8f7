namespace UpgradeWatch.Analysis.Histories;

/// <summary>
/// How restless a series was just before each moment. A stray of one size means less after a restless hour; measured
/// three ways, because no single one fits every series.
/// </summary>
internal sealed class Unrest
{
    private const int Lookback = 60;

    /// <summary>Below this share of its level nobody reads a difference off a series.</summary>
    private const double Resolution = 1e-4;

    /// <param name="values">The history.</param>
    /// <param name="season">What is usual by the time of day; null for unknown.</param>
    /// <param name="moments">Indices of the placebos and of the upgrade.</param>
    /// <param name="scratch">Memory to be reused.</param>
    public Unrest(double[] values, double[]? season, int[] moments, Scratch scratch)
    {
        var off = new double[values.Length];
        for (var t = 0; t < off.Length; t++)
            off[t] = season is null ? values[t] : values[t] - season[t];
        var steps = Steps(values);
        Floor = FloorOf(values, scratch);
        scratch.TakeAll(off);
        var overall = scratch.MadN(scratch.Median());
        var local = new double[moments.Length];
        var mixed = new double[moments.Length];
        for (var p = 0; p < moments.Length; p++)
        {
            scratch.TakeBefore(values, moments[p], Lookback);
            var spread = scratch.MadN(scratch.Median());
            scratch.TakeBefore(steps, moments[p], Lookback);
            var step = scratch.Median();
            local[p] = Size(spread, 0.5 * step);
            scratch.TakeBefore(off, moments[p], Lookback);
            var stray = scratch.MadN(scratch.Median());
            mixed[p] = Size(stray, Size(overall, Floor));
        }

        scratch.TakeAll(local);
        var least = Math.Max(1e-3 * scratch.Median(), Floor);
        for (var p = 0; p < local.Length; p++)
            local[p] = Math.Max(local[p], least);
        Array.Fill(Even = new double[moments.Length], 1);
        (Local, Mixed) = (local, mixed);
    }

    /// <summary>No difference between moments.</summary>
    public double[] Even { get; }

    /// <summary>The hour before, and the history as a whole.</summary>
    public double[] Mixed { get; }

    /// <summary>The hour before alone: its spread, and a quarter of its variance from step to step.</summary>
    public double[] Local { get; }

    /// <summary>The least difference that can mean anything, above 0.</summary>
    public double Floor { get; }

    /// <summary>From each value to the next one, however long the gap between them.</summary>
    private static double[] Steps(double[] values)
    {
        var steps = new double[values.Length];
        var previous = double.NaN;
        for (var t = 0; t < steps.Length; t++)
        {
            steps[t] = Math.Abs(values[t] - previous);
            previous = double.IsNaN(values[t]) ? previous : values[t];
        }

        return steps;
    }

    /// <summary>Two independent parts together. After a day without values a part is unknown, and the other has to do.</summary>
    private static double Size(double a, double b) => double.IsNaN(a) ? double.IsNaN(b) ? 0 : b : double.IsNaN(b) ? a : Math.Sqrt(a * a + b * b);

    private static double FloorOf(double[] values, Scratch scratch)
    {
        scratch.TakeAll(values);
        var size = Math.Abs(scratch.Median());
        if (size > 0)
            return Resolution * size;

        // Mostly 0: what it is when it is not. A rare spike says nothing about that.
        scratch.Clear();
        foreach (var value in values)
            scratch.Add(value == 0 ? double.NaN : Math.Abs(value));
        return scratch.Count > 0 ? Resolution * scratch.Median() : 1e-12;
    }
}
