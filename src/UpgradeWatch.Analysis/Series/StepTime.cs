namespace UpgradeWatch.Analysis.Series;

/// <summary>Steps and the time they cover.</summary>
internal static class StepTime
{
    /// <summary>The end of a step.</summary>
    public static DateTimeOffset EndOf(long step, double stepSeconds) => FromUnixSeconds(step * stepSeconds);

    /// <summary>Seconds since 1970 as a time, with fractions.</summary>
    public static DateTimeOffset FromUnixSeconds(double seconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
}
