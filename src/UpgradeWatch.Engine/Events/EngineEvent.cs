namespace UpgradeWatch.Engine.Events;

/// <summary>Something that changed, as the event stream tells it.</summary>
public sealed record EngineEvent
{
    /// <summary>Number given by the store, ascending; 0 before it is stored.</summary>
    public long Id { get; init; }

    /// <summary><c>phase</c>, <c>finding</c>, <c>verdict</c> or <c>checklist</c>.</summary>
    public required string Type { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The upgrade.</summary>
    public required string UpgradeId { get; init; }

    /// <summary>Its target.</summary>
    public required string Target { get; init; }

    /// <summary>What it is about: the phase, the SLI, the item; null for a verdict.</summary>
    public string? Subject { get; init; }

    /// <summary>The new state, in the words of the API (phase, status).</summary>
    public required string State { get; init; }

    /// <summary>The new code of a finding or verdict; null for others.</summary>
    public string? Code { get; init; }

    /// <summary>A sentence for people; null for none.</summary>
    public string? Text { get; init; }
}
