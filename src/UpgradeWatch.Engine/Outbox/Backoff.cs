namespace UpgradeWatch.Engine.Outbox;

/// <summary>How long to wait before the next try.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>A sink that asks for more is not believed: things must be said on the day they happen.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <summary>Doubles from 1 s to 5 min, or as long as the sink asked for (up to an hour) when that is longer.</summary>
    /// <param name="attempts">How often it was tried; at least 1.</param>
    /// <param name="asked">What the sink asked for; null when it did not.</param>
    public static TimeSpan After(int attempts, TimeSpan? asked)
    {
        // 2^9 s is already beyond the longest wait; more would overflow in the end.
        var own = First * Math.Pow(2, Math.Clamp(attempts - 1, 0, 9));
        if (own > Longest) own = Longest;
        var wanted = asked > LongestAsked ? LongestAsked : asked ?? TimeSpan.Zero;
        return wanted > own ? wanted : own;
    }
}
