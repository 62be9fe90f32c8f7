using UpgradeWatch.Analysis.Numerics;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>
/// Puts the rows of a series on the grid of steps and minutes that the judges use, moved by at most half a minute (or
/// half a step, where that is longer), so that the change lies on a boundary of both.
/// </summary>
internal sealed class Timeline
{
    public const double MinuteSeconds = 60;

    /// <summary>A step this near to whole seconds is meant to be that.</summary>
    private const double Snap = 0.01;

    private readonly double _changeAt;
    private readonly double _phase;

    /// <param name="times">Seconds since 1970, ascending, finite.</param>
    /// <param name="changeAt">Rows from then on are after the change.</param>
    public Timeline(double[] times, double changeAt)
    {
        _changeAt = changeAt;
        StepSeconds = InferStep(times);
        _phase = InferPhase(times, changeAt, StepSeconds);
        var unit = Math.Max(MinuteSeconds, StepSeconds);
        Boundary = Math.Round(changeAt / unit) * unit;
        FirstStep = (long)Math.Round(Boundary / StepSeconds) + 1;
        FirstMinute = (long)Math.Round(Boundary / MinuteSeconds) + 1;
    }

    /// <summary>The median distance between rows, to whole seconds where it is near; 60 s for fewer than two rows.</summary>
    public double StepSeconds { get; }

    /// <summary>Where the change is on the grid, in seconds since 1970.</summary>
    public double Boundary { get; }

    /// <summary>The first step after the change.</summary>
    public long FirstStep { get; }

    /// <summary>The first minute after the change.</summary>
    public long FirstMinute { get; }

    /// <summary>Steps from the change to a row: 0 is the first after it, -1 the last before it.</summary>
    public long IndexOf(double time)
    {
        var index = (long)Math.Round((time - _changeAt) / StepSeconds - _phase);
        return time < _changeAt ? Math.Min(index, -1) : Math.Max(index, 0);
    }

    /// <summary>When the row of an index is due, in seconds since 1970.</summary>
    public double TimeOf(long index) => _changeAt + (index + _phase) * StepSeconds;

    private static double InferStep(double[] times)
    {
        var distances = new List<double>(times.Length);
        for (var i = 1; i < times.Length; i++)
        {
            if (times[i] > times[i - 1])
                distances.Add(times[i] - times[i - 1]);
        }

        if (distances.Count == 0)
            return MinuteSeconds;

        // Rows that jitter make the median a little wrong, which adds up over days.
        var median = Robust.Median([.. distances]);
        var whole = Math.Round(median);
        return Math.Abs(median - whole) <= Snap * median ? whole : median;
    }

    /// <summary>How far after the beginning of its step a row comes, as a share of the step: the circular mean over rows.</summary>
    private static double InferPhase(double[] times, double changeAt, double stepSeconds)
    {
        var (sine, cosine) = (0.0, 0.0);
        foreach (var time in times)
        {
            var (sin, cos) = Math.SinCos(Math.Tau * ((time - changeAt) / stepSeconds % 1));
            sine += sin;
            cosine += cos;
        }

        var phase = Math.Atan2(sine, cosine) / Math.Tau;
        if (phase < 0)
            phase += 1;
        return phase < 0.999 ? phase : 0;
    }
}
