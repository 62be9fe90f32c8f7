namespace UpgradeWatch.Engine.Ports;

/// <summary>At which stage a source failed.</summary>
public enum SourceFailureKind
{
    /// <summary>No connection, name not found, TLS refused.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>401 or 403.</summary>
    Unauthorized,

    /// <summary>429, or the circuit breaker is open.</summary>
    Throttled,

    /// <summary>5xx, or an answer that is not what the protocol says.</summary>
    Broken,

    /// <summary>The query was refused (400, 422) or returned something that cannot be judged, such as more than one series.</summary>
    Refused,

    /// <summary>An answer with warnings: it may be incomplete.</summary>
    Partial,

    /// <summary>An answer without any series for the target.</summary>
    Empty,
}

/// <summary>Why a source has no answer.</summary>
/// <param name="Kind">At which stage.</param>
/// <param name="Message">A sentence for people with the cause; no secret in it.</param>
public sealed record SourceFailure(SourceFailureKind Kind, string Message);

/// <summary>An answer or the reason why there is none.</summary>
public sealed record SourceReply<T>
    where T : class
{
    /// <summary>The answer; null when there is a failure.</summary>
    public T? Value { get; private init; }

    /// <summary>The failure; null when there is an answer.</summary>
    public SourceFailure? Failure { get; private init; }

    /// <summary>An answer.</summary>
    public static implicit operator SourceReply<T>(T value) => new() { Value = value };

    /// <summary>A failure.</summary>
    public static implicit operator SourceReply<T>(SourceFailure failure) => new() { Failure = failure };
}
