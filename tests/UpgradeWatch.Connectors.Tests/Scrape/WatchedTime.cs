using Microsoft.Extensions.Time.Testing;

namespace UpgradeWatch.Connectors.Tests.Scrape;

/// <summary>A pretended clock that tells when somebody begins to wait for it.</summary>
internal sealed class WatchedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    public Action OnWait { get; set; } = () => { };

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        OnWait();
        return timer;
    }
}
