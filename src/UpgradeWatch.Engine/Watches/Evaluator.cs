using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Watches;

/// <summary>One look at everything: what the worker calls every interval, and what the simulation calls on virtual time.</summary>
public sealed class Evaluator
{
    /// <summary>Looks at every upgrade that is watched: reads what is new, judges it, stores what changed.</summary>
    public Task TickAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>When the last tick ended; null before the first.</summary>
    public DateTimeOffset? LastTickAt => throw new NotSupportedException();

    /// <summary>How long the last tick took.</summary>
    public TimeSpan LastTickDuration => throw new NotSupportedException();

    /// <summary>How far the newest judged step of the slowest watched upgrade lies behind what could be complete, in seconds; 0 when nothing is watched.</summary>
    public double LagSeconds => throw new NotSupportedException();

    /// <summary>The points of one SLI of an upgrade; null when the SLI is not known or nothing was read yet.</summary>
    public Task<SliSeries?> SeriesAsync(Upgrade upgrade, string sli, CancellationToken cancellationToken) => throw new NotSupportedException();
}
