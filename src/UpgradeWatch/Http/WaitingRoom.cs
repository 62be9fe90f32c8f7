namespace UpgradeWatch.Http;

/// <summary>Bounds the requests that are kept open: event streams and long polls together.</summary>
internal sealed class WaitingRoom
{
    /// <summary>Most requests that wait at once.</summary>
    public const int Places = 200;

    private int _taken;

    /// <summary>Takes a place; null when all are taken. Disposing gives it back.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _taken) <= Places) return new Place(this);
        Interlocked.Decrement(ref _taken);
        return null;
    }

    /// <summary>The refusal when all places are taken.</summary>
    public static Contracts.Problem Full() => Problems.Of(
        StatusCodes.Status503ServiceUnavailable, $"{Places} event streams and long polls are open, the most there may be; ask again without wait, or later");

    private sealed class Place(WaitingRoom room) : IDisposable
    {
        private WaitingRoom? _room = room;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _room, null) is { } left) Interlocked.Decrement(ref left._taken);
        }
    }
}
