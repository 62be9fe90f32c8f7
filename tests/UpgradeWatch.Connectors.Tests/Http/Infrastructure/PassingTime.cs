using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Connectors.Tests.Http.Infrastructure;

/// <summary>
/// A pretended clock that passes when somebody waits for it, and only then: a pause between two tries passes when it
/// begins; the time for an answer passes when the server says that there will be none. However slow the machine is, a
/// good answer never comes too late.
/// </summary>
internal sealed class PassingTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    // Pauses are shorter, the times for an answer longer.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly Channel<TimeSpan> _moves = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= LongestPause) _moves.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>The server has begun to say nothing, or nothing whole: whoever waits for its answer waits in vain.</summary>
    public void HoldOut() => _moves.Writer.TryWrite(EndpointResilience.AttemptTimeout);

    /// <summary>Lets time pass until a task has ended.</summary>
    public async Task<T> PassAsync<T>(Task<T> task)
    {
        while (true)
        {
            using var end = new CancellationTokenSource();
            var waitedFor = _moves.Reader.WaitToReadAsync(end.Token).AsTask();
            if (await Task.WhenAny(task, waitedFor) == task)
            {
                await end.CancelAsync();
                return await task;
            }

            while (_moves.Reader.TryRead(out var move)) Advance(move);
        }
    }
}
