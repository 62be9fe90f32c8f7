using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace UpgradeWatch.Security;

/// <summary>
/// The browsers that are logged in. Kept in memory, by the hash of the cookie: a restart logs everybody out, and there is
/// no key on disk that makes cookies. (ASP.NET Core's cookies and anti-forgery bring such a key ring, and an XML stack with
/// it, into an executable that has no other use for either.)
/// </summary>
internal sealed class Sessions(TimeProvider time)
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "upgradewatch-session";

    /// <summary>How long one lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    private const int MostOfOneToken = 20;
    private const int Bytes = 32;

    private readonly Dictionary<string, Session> _open = [];

    /// <summary>Opens one; gives the value of its cookie. Of too many with the same token the oldest ends.</summary>
    public string Open(TokenEntry entry)
    {
        var secret = NewSecret();
        lock (_open)
        {
            var now = time.GetUtcNow();
            foreach (var (key, session) in _open)
            {
                if (session.Until <= now) _open.Remove(key);
            }

            var same = _open.Where(one => one.Value.TokenHash.AsSpan().SequenceEqual(entry.Hash)).ToList();
            if (same.Count >= MostOfOneToken) _open.Remove(same.MinBy(one => one.Value.Until).Key);
            _open[KeyOf(secret)] = new Session(entry.Hash, now + Lifetime, NewSecret());
        }

        return secret;
    }

    /// <summary>The session of a cookie; null when there is none, or none any more.</summary>
    public Session? Find(string cookie)
    {
        lock (_open) return _open.TryGetValue(KeyOf(cookie), out var session) && session.Until > time.GetUtcNow() ? session : null;
    }

    /// <summary>Whether one has not ended.</summary>
    public bool Holds(Session session)
    {
        lock (_open) return session.Until > time.GetUtcNow() && _open.Values.Any(open => ReferenceEquals(open, session));
    }

    /// <summary>Ends one.</summary>
    public void Close(Session session)
    {
        lock (_open)
        {
            foreach (var (key, open) in _open)
            {
                if (ReferenceEquals(open, session)) _open.Remove(key);
            }
        }
    }

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    // Looked up by the hash, so that how long it takes says nothing about the cookies that there are.
    private static string KeyOf(string cookie) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(cookie)));
}
