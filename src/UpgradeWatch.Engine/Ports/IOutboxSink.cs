using UpgradeWatch.Engine.Outbox;

namespace UpgradeWatch.Engine.Ports;

/// <summary>How a delivery ended.</summary>
public enum DeliveryOutcome
{
    /// <summary>It is there, once.</summary>
    Delivered,

    /// <summary>It may work later: keep it and try again, and nothing behind it overtakes.</summary>
    Retry,

    /// <summary>It will never work (the sink refuses the content): give up on this entry and go on.</summary>
    Refused,
}

/// <summary>The end of a delivery.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="RemoteId">The thing's id outside, when known.</param>
/// <param name="Error">Why it failed, for people; null when it did not.</param>
/// <param name="RetryAfter">How long the sink asked to wait; null when it did not say.</param>
public sealed record DeliveryResult(DeliveryOutcome Outcome, string? RemoteId = null, string? Error = null, TimeSpan? RetryAfter = null);

/// <summary>Somewhere outside that is told things through the outbox. Looks a thing up by its key before it makes it, so a repeated delivery changes nothing.</summary>
public interface IOutboxSink
{
    /// <summary>Name used in entries and metrics.</summary>
    string Name { get; }

    /// <summary>Delivers one entry. Trouble is an answer, not an exception.</summary>
    Task<DeliveryResult> DeliverAsync(OutboxEntry entry, CancellationToken cancellationToken);
}
