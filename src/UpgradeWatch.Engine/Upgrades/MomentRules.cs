namespace UpgradeWatch.Engine.Upgrades;

/// <summary>Which times a move may carry.</summary>
internal static class MomentRules
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <summary>The refusal of a time, or null when it is fine.</summary>
    /// <param name="at">The time asked for.</param>
    /// <param name="now">The time it is.</param>
    /// <param name="previous">The previous move; null for none.</param>
    /// <param name="historySeconds">How far back the source is read.</param>
    public static Refusal? Check(DateTimeOffset at, DateTimeOffset now, PhaseEntry? previous, double historySeconds)
    {
        if (at > now + Ahead)
        {
            return new Refusal(RefusalKind.Invalid, $"at '{Show(at)}' lies in the future; it may be at most 1 min after now ('{Show(now)}')") { Field = "at" };
        }

        if (previous is not null && at < previous.At)
        {
            return new Refusal(RefusalKind.Conflict, $"at '{Show(at)}' lies before the move to '{previous.Phase.ToText()}'; it must be '{Show(previous.At)}' or later")
            {
                Field = "at",
                NotBefore = previous.At,
            };
        }

        var oldest = now.AddSeconds(-historySeconds);
        return at < oldest
            ? new Refusal(RefusalKind.Invalid, $"at '{Show(at)}' lies before the history that is read (historySeconds {historySeconds}); it must be '{Show(oldest)}' or later") { Field = "at" }
            : null;
    }

    /// <summary>A time as it is written in refusals.</summary>
    public static string Show(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
