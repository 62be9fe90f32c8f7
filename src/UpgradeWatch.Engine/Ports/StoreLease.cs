namespace UpgradeWatch.Engine.Ports;

/// <summary>What this instance is to a store that several can open.</summary>
public enum LeaseRole
{
    /// <summary>It alone may write.</summary>
    Active,

    /// <summary>Another one is active; this one reads, and waits for its turn.</summary>
    Standby,

    /// <summary>It was active, and another one is now: what it remembers is out of date.</summary>
    Lost,
}

/// <summary>Who may write to a store: one instance at a time.</summary>
/// <param name="Role">What this instance is.</param>
/// <param name="Holder">Name of the active instance; null when nobody knows.</param>
/// <param name="Since">Since when it is active; null when nobody knows.</param>
/// <param name="Number">Ascends with each instance that becomes active; 0 where only one process can open the store.</param>
public sealed record StoreLease(LeaseRole Role, string? Holder, DateTimeOffset? Since, long Number)
{
    /// <summary>That of a store that only one process can open.</summary>
    public static StoreLease Alone { get; } = new(LeaseRole.Active, null, null, 0);

    /// <summary>Whether this instance may write.</summary>
    public bool IsHeld => Role == LeaseRole.Active;

    /// <summary>
    /// How long the lease is surely held without being confirmed again: another instance takes over no earlier. Null for ever.
    /// </summary>
    public TimeSpan? SureFor { get; init; }

    /// <summary>When it was confirmed last, as a timestamp of the clock.</summary>
    public long ConfirmedAt { get; init; }

    /// <summary>Why this instance takes no change, as a sentence.</summary>
    public string Refusal => IsHeld
        ? "this UpgradeWatch has just become the active one and is still reading what the one before it has left; ask again in a moment"
        : Holder is { } holder
            ? $"this UpgradeWatch is on standby and takes no changes: '{holder}' is the active one since {Since:yyyy-MM-dd HH:mm:ss} UTC; ask that one, or again in a moment"
            : "this UpgradeWatch is on standby and takes no changes: another one is becoming active; ask again in a moment";

    /// <summary>Whether no other instance can be active at this moment.</summary>
    public bool IsSure(TimeProvider time) => IsHeld && (SureFor is null || time.GetElapsedTime(ConfirmedAt) < SureFor);
}
