namespace UpgradeWatch.Security;

/// <summary>
/// The tokens that count now. The file is read again at most once a second, whole: the time stamp of a mounted Kubernetes
/// secret belongs to a link that never changes. A token whose line is gone is gone; a file that cannot be read lets nobody
/// in, because nobody can tell whose line it would hold.
/// </summary>
internal sealed partial class TokenFile(string path, TimeProvider time, ILogger<TokenFile> logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Lock _reading = new();
    private TokenList _list = new([], []);
    private long? _readAt;

    /// <summary>The entry of a token; null when there is none. Every entry is compared, so that the time tells nothing.</summary>
    public TokenEntry? Find(string token) => BearerToken.IsOne(token) ? Find(BearerToken.Hash(token)) : null;

    /// <summary>The entry with this hash; null when there is none. Of two lines with one hash the last counts.</summary>
    public TokenEntry? Find(byte[] hash)
    {
        TokenEntry? found = null;
        foreach (var entry in Current().Entries)
        {
            if (entry.Matches(hash)) found = entry;
        }

        return found;
    }

    /// <summary>Whether an entry still stands in the file, with the same role and targets.</summary>
    public bool Holds(TokenEntry entry) => Find(entry.Hash)?.ToString() == entry.ToString();

    private TokenList Current()
    {
        lock (_reading)
        {
            if (_readAt is { } last && time.GetElapsedTime(last) < Look) return _list;
            _readAt = time.GetTimestamp();
            var read = TokenList.Read(path);
            if (!read.Equals(_list))
            {
                foreach (var mistake in read.Mistakes) Log.Mistake(logger, mistake);
                Log.Read(logger, read.Entries.Count, path);
            }

            return _list = read;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} tokens count, from {Path}")]
        public static partial void Read(ILogger logger, int count, string path);

        [LoggerMessage(2, LogLevel.Error, "token file: {Mistake}")]
        public static partial void Mistake(ILogger logger, string mistake);
    }
}
