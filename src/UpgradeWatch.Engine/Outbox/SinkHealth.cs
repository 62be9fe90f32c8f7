namespace UpgradeWatch.Engine.Outbox;

/// <summary>How the last delivery to a sink went.</summary>
/// <param name="Error">Why it failed; null when it did not.</param>
/// <param name="Since">Since when it is in this state (well or failing).</param>
public sealed record SinkHealth(string? Error, DateTimeOffset Since);
