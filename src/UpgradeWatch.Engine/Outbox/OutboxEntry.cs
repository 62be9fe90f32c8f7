namespace UpgradeWatch.Engine.Outbox;

/// <summary>What an entry asks its sink to do.</summary>
public enum OutboxAction
{
    /// <summary>Make a point.</summary>
    Point,

    /// <summary>Open a region.</summary>
    Open,

    /// <summary>Close the region with the same key.</summary>
    Close,
}

/// <summary>Something to be said outside, kept on disk until it has been said.</summary>
public sealed record OutboxEntry
{
    /// <summary>Number given by the store, ascending in the order of creation; 0 before it is stored.</summary>
    public long Id { get; init; }

    /// <summary>Name of the sink, for instance <c>grafana</c>.</summary>
    public required string Sink { get; init; }

    /// <summary>What to do.</summary>
    public required OutboxAction Action { get; init; }

    /// <summary>16 hex digits by which the thing is found again outside; the same for a region's opening and closing.</summary>
    public required string Key { get; init; }

    /// <summary>The upgrade it belongs to.</summary>
    public required string UpgradeId { get; init; }

    /// <summary>When it happened (a region's start for <see cref="OutboxAction.Open"/>, its end for <see cref="OutboxAction.Close"/>).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Text for people.</summary>
    public required string Text { get; init; }

    /// <summary>Tags, each with at most one colon.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Not before this time.</summary>
    public DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>Why the last try failed; null for none.</summary>
    public string? LastError { get; init; }

    /// <summary>The thing's id outside, once known.</summary>
    public string? RemoteId { get; init; }

    /// <summary>When it was delivered, or given up; null while it waits.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>
    /// When the region of a <see cref="OutboxAction.Close"/> was opened: the store takes it from the opening entry with the
    /// same sink and key, so that a region that is gone outside can be made again whole. Null for others.
    /// </summary>
    public DateTimeOffset? OpenedAt { get; init; }
}
