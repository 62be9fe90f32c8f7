using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Watches;

/// <summary>When the observation window ends and when it has closed.</summary>
public static class WindowRules
{
    /// <summary>How long a window waits for a source that cannot be reached.</summary>
    public static readonly TimeSpan CatchUp = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(1);

    /// <summary>The end of the time that is read: the window's end, or later while it is kept open for low traffic; null before <c>post-upgrade</c>.</summary>
    public static DateTimeOffset? ReadUntil(Upgrade upgrade, bool extended) =>
        upgrade.WindowEndsAt is { } end ? end.AddSeconds(extended ? upgrade.Evaluation.ExtendUntilSeconds : 0) : null;

    /// <summary>
    /// Whether everything that belongs to the window has been read, or has been waited for long enough: since it ended,
    /// or since somebody looks at all, after a restart.
    /// </summary>
    public static bool IsOver(DateTimeOffset? readUntil, DateTimeOffset now, bool caughtUp, DateTimeOffset lookingSince) =>
        readUntil is { } end && now >= end && (caughtUp || now >= (end > lookingSince ? end : lookingSince) + CatchUp);

    /// <summary>
    /// Whether an upgrade that was entered afterwards is not judged yet, because its history is still being read: without
    /// it all that has happened since would be held against the hour before alone, and what was said would stand.
    /// </summary>
    public static bool AwaitsHistory(Upgrade upgrade, DateTimeOffset now, DateTimeOffset lookingSince)
    {
        if (upgrade.Past is not null || !HistoryRules.IsAwaited(upgrade) || !upgrade.History.Any(entry => entry.RecordedAt - entry.At >= Afterwards)) return false;
        var entered = upgrade.History[^1].RecordedAt;
        return now < (entered > lookingSince ? entered : lookingSince) + CatchUp;
    }

    /// <summary>How long <c>post-upgrade</c> has been watched up to a time; planned downtime is not.</summary>
    public static TimeSpan Watched(Upgrade upgrade, DateTimeOffset? observedUntil)
    {
        if (upgrade.ObservedFrom is not { } from || observedUntil is not { } until || until <= from) return TimeSpan.Zero;
        if (upgrade.PlannedDowntime is not { } planned) return until - from;
        var (first, last) = (planned.From > from ? planned.From : from, planned.Until < until ? planned.Until : until);
        return until - from - (last > first ? last - first : TimeSpan.Zero);
    }

    /// <summary>Whether enough of <c>post-upgrade</c> has been watched to say pass.</summary>
    public static bool MinimumReached(Upgrade upgrade, DateTimeOffset? observedUntil) =>
        upgrade.ObservedFrom is not null && observedUntil is not null &&
        Watched(upgrade, observedUntil).TotalSeconds >= Math.Min(upgrade.Evaluation.MinimumSeconds, upgrade.ObservationSeconds) - upgrade.Evaluation.StepSeconds;
}
