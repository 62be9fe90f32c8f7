using UpgradeWatch.Engine.Tests.Watches;

namespace UpgradeWatch.Engine.Tests.Histories;

/// <summary>A service whose requests and whose level rise and fall with the day, by the clock of some place.</summary>
internal static class Days
{
    public static readonly TimeZoneInfo Utc = TimeZoneInfo.Utc;

    /// <summary>What it does in a step: the same for the same step, noise included.</summary>
    /// <param name="step">The step.</param>
    /// <param name="zone">By whose clock people come.</param>
    /// <param name="factor">What the level is multiplied with.</param>
    public static Scripted At(long step, TimeZoneInfo? zone = null, double factor = 1)
    {
        var local = TimeZoneInfo.ConvertTime(TimeOf(step), zone ?? Utc);
        var hours = local.TimeOfDay.TotalHours;
        var day = 1 + (0.6 * Math.Sin((hours - 9) / 24 * 2 * Math.PI));
        var requests = Math.Round(3000 * day * (1 + (0.03 * Noise(step))));
        return new Scripted(requests, Math.Round(requests * 0.001)) { Level = 0.4 * day * (1 + (0.02 * Noise(step + 7919))) * factor };
    }

    public static DateTimeOffset TimeOf(long step) => DateTimeOffset.UnixEpoch.AddSeconds(step * ScriptedSource.StepSeconds);

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)ScriptedSource.StepSeconds;

    // From the step alone (SplitMix64), about evenly in -1 to 1.
    private static double Noise(long step)
    {
        var z = (ulong)step * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) / (double)ulong.MaxValue * 2) - 1;
    }
}
