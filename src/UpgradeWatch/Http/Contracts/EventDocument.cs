namespace UpgradeWatch.Http.Contracts;

/// <summary>Something that changed: the data of one server-sent event.</summary>
internal sealed record EventDocument
{
    /// <summary>Its number, ascending; also the event's id.</summary>
    public required long Id { get; init; }

    /// <summary>phase, finding, verdict or checklist; also the event's name.</summary>
    public required string Type { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The upgrade.</summary>
    public required string UpgradeId { get; init; }

    /// <summary>Its target.</summary>
    public required string Target { get; init; }

    /// <summary>What it is about: the phase, the SLI, the item; null for a verdict.</summary>
    public required string? Subject { get; init; }

    /// <summary>The new state.</summary>
    public required string State { get; init; }

    /// <summary>The new code of a finding or verdict; null for others.</summary>
    public required string? Code { get; init; }

    /// <summary>A sentence for people; null for none.</summary>
    public required string? Text { get; init; }
}
