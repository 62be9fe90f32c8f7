namespace UpgradeWatch.Connectors.Scrape;

/// <summary>When a target is scraped, and into which step a scrape falls.</summary>
internal static class ScrapeTimes
{
    /// <summary>Seconds after its end at which a step is complete where the configuration does not say.</summary>
    public const double DefaultDelaySeconds = 2;

    private const double EarlyShare = 0.02;
    private const double LongestTimeoutSeconds = 10;

    /// <summary>The step that a time in seconds falls into; the end of a step belongs to it.</summary>
    public static long StepOf(double at, double stepSeconds) => (long)Math.Ceiling(at / stepSeconds - 1e-9);

    /// <summary>How long to wait for the next scrape: they begin in the middle of each step, where no jitter moves them into another.</summary>
    public static TimeSpan UntilNext(DateTimeOffset now, double stepSeconds)
    {
        var steps = (now - DateTimeOffset.UnixEpoch).TotalSeconds / stepSeconds;
        // A timer may fire a little early; that must not give a second scrape in the same step.
        var next = Math.Floor(steps + 0.5 + EarlyShare) + 0.5;
        return TimeSpan.FromSeconds(Math.Max(0, next - steps) * stepSeconds);
    }

    /// <summary>How long a scrape may take: later than its step is judged, its answer is of no use.</summary>
    public static TimeSpan Timeout(double stepSeconds, double delaySeconds) =>
        TimeSpan.FromSeconds(Math.Min(LongestTimeoutSeconds, stepSeconds / 2 + delaySeconds));
}
