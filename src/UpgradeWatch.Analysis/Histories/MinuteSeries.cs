namespace UpgradeWatch.Analysis.Histories;

/// <summary>One SLI's values minute by minute, in its unit; NaN is a gap. The value of minute m covers the 60 s that end at m x 60 s in Unix time.</summary>
/// <param name="FirstMinute">The minute of the first value.</param>
/// <param name="Values">The values, one for each minute.</param>
public sealed record MinuteSeries(long FirstMinute, float[] Values)
{
    /// <summary>The minute after the last value.</summary>
    public long EndMinute => FirstMinute + Values.Length;
}

/// <summary>A stretch of minutes, both ends included.</summary>
/// <param name="First">The first minute.</param>
/// <param name="Last">The last minute.</param>
public readonly record struct MinuteRange(long First, long Last)
{
    /// <summary>Whether any minute of another stretch is in it.</summary>
    public bool Overlaps(long first, long last) => First <= last && Last >= first;
}
