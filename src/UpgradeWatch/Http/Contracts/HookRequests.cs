using System.Text.Json.Serialization;

namespace UpgradeWatch.Http.Contracts;

/// <summary>What Flagger sends to each of its webhooks. Fields that other versions of it add are left alone.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record FlaggerRequest
{
    /// <summary>Name of the canary.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The phase that Flagger has it in.</summary>
    public required string Phase { get; init; }

    /// <summary>Checksum of what is rolled out.</summary>
    public required string Checksum { get; init; }

    /// <summary>What the webhook's <c>metadata</c> says; an event's message, type and time too.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>What the notification of Argo CD sends that UpgradeWatch ships. An empty text is as good as none.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ArgoCdRequest
{
    /// <summary>Name of the application.</summary>
    public required string Application { get; init; }

    /// <summary>The revision that is synced.</summary>
    public required string Revision { get; init; }

    /// <summary>Phase of the operation: Running, Succeeded, Failed, Error or Terminating.</summary>
    public required string Operation { get; init; }

    /// <summary>Health of the application; needed with Succeeded.</summary>
    public string? Health { get; init; }

    /// <summary>The namespace that it is deployed to.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name of the target; by default that of the application.</summary>
    public string? Target { get; init; }

    /// <summary>The version that the revision stands for; by default the revision.</summary>
    public string? ToVersion { get; init; }

    /// <summary>When the operation began.</summary>
    public string? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public string? FinishedAt { get; init; }

    /// <summary>What Argo CD says about it.</summary>
    public string? Message { get; init; }
}

/// <summary>How far any other pipeline is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PipelineRequest
{
    /// <summary>Name of a configured target.</summary>
    public required string Target { get; init; }

    /// <summary>What is rolled out: a commit, a build, a version; at most 128 characters. The same revision means the same upgrade.</summary>
    public required string Revision { get; init; }

    /// <summary>The phase that it has come to.</summary>
    public required string Phase { get; init; }

    /// <summary>The version that the revision stands for; by default the revision.</summary>
    public string? ToVersion { get; init; }

    /// <summary>Version before; by default what the upgrade before it has left.</summary>
    public string? FromVersion { get; init; }

    /// <summary>When that phase began; now when left out.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Why; at most 2000 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Who is responsible; at most 256 characters.</summary>
    public string? Owner { get; init; }

    /// <summary>Length of the observation window in seconds; the target's when left out.</summary>
    public double? ObservationWindowSeconds { get; init; }

    /// <summary>
    /// Whether an upgrade of the target that is open to another version, and that no pipeline has opened, is closed as
    /// superseded. One of an earlier revision always is.
    /// </summary>
    public bool? Supersede { get; init; }
}

/// <summary>How the upgrade of a pipeline stands: one flat object, for tools that look for one field.</summary>
internal sealed record PipelineDocument
{
    /// <summary>Id of the upgrade; null when there is none, and nothing to be watched.</summary>
    public required string? UpgradeId { get; init; }

    /// <summary>Its target.</summary>
    public required string Target { get; init; }

    /// <summary>The revision that was sent.</summary>
    public required string Revision { get; init; }

    /// <summary>Version before; null when not known.</summary>
    public required string? FromVersion { get; init; }

    /// <summary>Version after; null without an upgrade.</summary>
    public required string? ToVersion { get; init; }

    /// <summary>Its phase; null without an upgrade.</summary>
    public required string? Phase { get; init; }

    /// <summary>The verdict: pending, pass, warn, fail or inconclusive.</summary>
    public required string Status { get; init; }

    /// <summary>Its code.</summary>
    public required string Code { get; init; }

    /// <summary>Whether the verdict is final.</summary>
    public required bool Final { get; init; }

    /// <summary>The status that the gate has: 200 pass or warn, 425 pending, 409 fail or taken back, 424 inconclusive.</summary>
    public required int Gate { get; init; }

    /// <summary>The verdict in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Address of the verdict; null without an upgrade.</summary>
    public required string? VerdictUrl { get; init; }

    /// <summary>Address of the gate; null without an upgrade.</summary>
    public required string? GateUrl { get; init; }
}
