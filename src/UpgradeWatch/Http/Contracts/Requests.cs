using System.Text.Json.Serialization;

namespace UpgradeWatch.Http.Contracts;

/// <summary>Opens an upgrade.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BeginRequest
{
    /// <summary>Name of a configured target.</summary>
    public required string Target { get; init; }

    /// <summary>Version after; 1 to 128 characters.</summary>
    public required string ToVersion { get; init; }

    /// <summary>Version before; at most 128 characters.</summary>
    public string? FromVersion { get; init; }

    /// <summary>pre-upgrade (the default), upgrading or post-upgrade.</summary>
    public string? Phase { get; init; }

    /// <summary>When that phase began; now when left out.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Who is responsible; at most 256 characters.</summary>
    public string? Owner { get; init; }

    /// <summary>When the target is planned to be down.</summary>
    public DowntimeWindow? PlannedDowntime { get; init; }

    /// <summary>Links by name, http or https; at most 20. They are shown and never followed.</summary>
    public IReadOnlyDictionary<string, string>? Links { get; init; }

    /// <summary>Length of the observation window in seconds; the target's when left out.</summary>
    public double? ObservationWindowSeconds { get; init; }

    /// <summary>Whether an upgrade that is open for the target is closed as superseded.</summary>
    public bool? Supersede { get; init; }
}

/// <summary>When a target is planned to be down.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DowntimeWindow
{
    /// <summary>Its beginning.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Its end, after the beginning.</summary>
    public required DateTimeOffset Until { get; init; }
}

/// <summary>Exchanges a token for a cookie.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LoginRequest
{
    /// <summary>The token.</summary>
    public required string Token { get; init; }
}

/// <summary>Moves an upgrade to another phase.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AdvanceRequest
{
    /// <summary>The phase to move to.</summary>
    public required string Phase { get; init; }

    /// <summary>When it began; now when left out.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Why; at most 2000 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether open required checklist items are overridden; needs a reason.</summary>
    public bool? Force { get; init; }
}

/// <summary>Changes a checklist item; what is left out stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ItemRequest
{
    /// <summary>pending, in-progress, done, flagged or skipped.</summary>
    public string? Status { get; init; }

    /// <summary>Note; at most 4000 characters.</summary>
    public string? Note { get; init; }

    /// <summary>http or https link; at most 2048 characters.</summary>
    public string? Link { get; init; }

    /// <summary>Who does it; at most 256 characters.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether an item that UpgradeWatch sets by itself is overridden; needs a reason.</summary>
    public bool? Override { get; init; }

    /// <summary>Why it is overridden; at most 2000 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>Takes one SLI out of deciding an upgrade.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AcknowledgeRequest
{
    /// <summary>Why; at most 2000 characters.</summary>
    public required string Reason { get; init; }

    /// <summary>Until when; for good when left out.</summary>
    public DateTimeOffset? Until { get; init; }
}
