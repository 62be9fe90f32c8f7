namespace UpgradeWatch.Http;

/// <summary>Bounds the requests that are kept open: event streams and long polls together.</summary>
internal sealed class WaitingRoom
{
    /// <summary>Most requests that wait at once.</summary>
    public const int Places = 200;

    /// <summary>Most of them with one token, so that nobody takes them all.</summary>
    public const int Share = Places / 2;

    private readonly Dictionary<string, int> _shares = [];
    private int _taken;

    /// <summary>Takes a place; null when all are taken, or all of one token's share. Disposing gives it back.</summary>
    /// <param name="name">Whose token it is; null where no token is asked for: then there are no shares.</param>
    public IDisposable? TryEnter(string? name = null)
    {
        lock (_shares)
        {
            var share = name is null ? 0 : _shares.GetValueOrDefault(name);
            if (_taken == Places || share == Share) return null;
            _taken++;
            if (name is not null) _shares[name] = share + 1;
            return new Place(this, name);
        }
    }

    /// <summary>The refusal when all places are taken.</summary>
    public static Contracts.Problem Full() => Problems.Of(
        StatusCodes.Status503ServiceUnavailable,
        $"{Places} event streams and long polls are open, the most there may be, or {Share} with this token; ask again without wait, or later");

    private void Leave(string? name)
    {
        lock (_shares)
        {
            _taken--;
            if (name is not null && --_shares[name] == 0) _shares.Remove(name);
        }
    }

    private sealed class Place(WaitingRoom room, string? name) : IDisposable
    {
        private WaitingRoom? _room = room;

        public void Dispose() => Interlocked.Exchange(ref _room, null)?.Leave(name);
    }
}
