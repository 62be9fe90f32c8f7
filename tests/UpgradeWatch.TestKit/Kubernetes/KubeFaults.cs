using System.Collections.Concurrent;

namespace UpgradeWatch.TestKit.Kubernetes;

/// <summary>What goes wrong with the API.</summary>
public sealed class KubeFaults
{
    /// <summary>The token that is accepted at first.</summary>
    public const string GoodToken = "service-account-token";

    private readonly List<(Func<string, bool> Of, KubeFault Fault)> _answers = [];
    private readonly ConcurrentDictionary<string, (int After, bool InTheMiddle)> _drops = new();

    /// <summary>The token that is accepted.</summary>
    public string Token { get; set; } = GoodToken;

    /// <summary>Whether every connection breaks off.</summary>
    public bool IsDown { get; set; }

    /// <summary>How far the clock of the API is ahead; null for not at all.</summary>
    public TimeSpan? Skew { get; set; }

    /// <summary>Whether a version that is too old is told by an event and not by the status.</summary>
    public bool TellsExpiryInStream { get; set; }

    /// <summary>Whether bookmarks are sent.</summary>
    public bool SendsBookmarks { get; set; } = true;

    /// <summary>Resources that may not be read.</summary>
    public HashSet<string> Forbidden { get; } = [];

    /// <summary>Resources that are not installed.</summary>
    public HashSet<string> Missing { get; } = [];

    /// <summary>Objects in JSON that lists show beside those that are there, by resource.</summary>
    public Dictionary<string, string[]> Malformed { get; } = [];

    /// <summary>Has the next requests, or those of a path and query that passes, be answered with an error.</summary>
    public void Answer(int code, string reason, string message, int times = 1, int? retryAfter = null, Func<string, bool>? of = null)
    {
        lock (_answers)
        {
            for (var i = 0; i < times; i++) _answers.Add((of ?? (_ => true), new KubeFault(code, reason, message, retryAfter)));
        }
    }

    /// <summary>How many of these are left.</summary>
    public int Left
    {
        get
        {
            lock (_answers) return _answers.Count;
        }
    }

    /// <summary>Has the next watch of a resource break off after some events.</summary>
    public void Drop(string resource, int after, bool inTheMiddle = false) => _drops[resource] = (after, inTheMiddle);

    internal KubeFault? Take(string request, string authorization)
    {
        lock (_answers)
        {
            var found = _answers.FindIndex(one => one.Of(request));
            if (found >= 0)
            {
                var fault = _answers[found].Fault;
                _answers.RemoveAt(found);
                return fault;
            }
        }

        return authorization == $"Bearer {Token}" ? null : new KubeFault(401, "Unauthorized", "Unauthorized", null);
    }

    /// <summary>Whether a watch is still to break off.</summary>
    public bool HasDrop => !_drops.IsEmpty;

    internal (int After, bool InTheMiddle)? TakeDrop(string resource) => _drops.TryRemove(resource, out var drop) ? drop : null;

    internal void PutBack(string resource, (int After, bool InTheMiddle) drop) => _drops.TryAdd(resource, drop);
}

/// <summary>An answer that is an error.</summary>
public sealed record KubeFault(int Code, string Reason, string Message, int? RetryAfter);
