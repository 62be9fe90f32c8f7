namespace UpgradeWatch.Http.Contracts;

/// <summary>How UpgradeWatch and everything it depends on is doing.</summary>
internal sealed record StatusDocument
{
    /// <summary>ok, or degraded when a dependency is failing.</summary>
    public required string Status { get; init; }

    /// <summary>Version of UpgradeWatch.</summary>
    public required string Version { get; init; }

    /// <summary>When this process started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the loop last looked at everything; null before the first time.</summary>
    public required DateTimeOffset? LastEvaluationAt { get; init; }

    /// <summary>Names of the configured targets.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Labels of this UpgradeWatch.</summary>
    public required IReadOnlyDictionary<string, string> Instance { get; init; }

    /// <summary>Which instance is the active one on the store.</summary>
    public required ActiveDocument Active { get; init; }

    /// <summary>The dependencies by name: sources, grafana, store.</summary>
    public required IReadOnlyDictionary<string, DependencyDocument> Dependencies { get; init; }

    /// <summary>What waits to be said outside, by sink; null while the store cannot be asked.</summary>
    public required IReadOnlyDictionary<string, int>? OutboxPending { get; init; }
}

/// <summary>The state of one dependency.</summary>
internal sealed record DependencyDocument
{
    /// <summary>ok, failing, or unknown when it has not been asked yet.</summary>
    public required string State { get; init; }

    /// <summary>What went wrong the last time, or is worth knowing although it is ok; null for nothing.</summary>
    public required string? LastError { get; init; }

    /// <summary>Since when it is in this state; null when unknown.</summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>When it was asked last; null for never, and for what is told only when there is something to tell.</summary>
    public required DateTimeOffset? AskedAt { get; init; }

    /// <summary>The state after it was asked at a time: what went wrong, or null.</summary>
    public static DependencyDocument After(DependencyDocument? before, string? problem, DateTimeOffset now)
    {
        var state = problem is null ? "ok" : "failing";
        return new DependencyDocument { State = state, LastError = problem, Since = before is not null && before.State == state ? before.Since : now, AskedAt = now };
    }
}

/// <summary>Which instance is the active one: it alone looks, judges, tells and takes changes.</summary>
internal sealed record ActiveDocument
{
    /// <summary>active, standby, or lost for an instance that is just being replaced.</summary>
    public required string Role { get; init; }

    /// <summary>Name of this instance, host and process id.</summary>
    public required string Self { get; init; }

    /// <summary>Name of the active instance; null when it is not known.</summary>
    public required string? Holder { get; init; }

    /// <summary>Since when that is active; null when it is not known.</summary>
    public required DateTimeOffset? Since { get; init; }
}
