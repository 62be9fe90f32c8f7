using System.Collections.Concurrent;

namespace UpgradeWatch.TestKit.Kubernetes;

/// <summary>What goes wrong with the API.</summary>
public sealed class KubeFaults
{
    /// <summary>The token that is accepted at first.</summary>
    public const string GoodToken = "service-account-token";

    private readonly ConcurrentQueue<KubeFault> _answers = new();
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

    /// <summary>Has the next requests be answered with an error.</summary>
    public void Answer(int code, string reason, string message, int times = 1, int? retryAfter = null)
    {
        for (var i = 0; i < times; i++) _answers.Enqueue(new KubeFault(code, reason, message, retryAfter));
    }

    /// <summary>Has the next watch of a resource break off after some events.</summary>
    public void Drop(string resource, int after, bool inTheMiddle = false) => _drops[resource] = (after, inTheMiddle);

    internal KubeFault? Take(string authorization)
    {
        if (_answers.TryDequeue(out var fault)) return fault;
        return authorization == $"Bearer {Token}" ? null : new KubeFault(401, "Unauthorized", "Unauthorized", null);
    }

    internal (int After, bool InTheMiddle)? TakeDrop(string resource) => _drops.TryRemove(resource, out var drop) ? drop : null;
}

/// <summary>An answer that is an error.</summary>
public sealed record KubeFault(int Code, string Reason, string Message, int? RetryAfter);
