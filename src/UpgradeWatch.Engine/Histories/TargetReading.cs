using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Engine.Histories;

/// <summary>How far the reading of one target's history is.</summary>
internal sealed class TargetReading(TargetOptions target)
{
    /// <summary>The target.</summary>
    public TargetOptions Target => target;

    /// <summary>The plan that is read while no upgrade has one; null until it is known.</summary>
    public TargetPlan? Plan { get; set; }

    /// <summary>Why signals are left as gaps that were refused for too long, by name; one that is answered again is none of them.</summary>
    public Dictionary<string, SourceFailure> GivenUp { get; } = [];

    /// <summary>What has been read; null when nothing is kept in memory.</summary>
    public TargetHistory? History { get; set; }

    /// <summary>When there is something to do next, unless an upgrade waits.</summary>
    public DateTimeOffset DueAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Not before, not even for an upgrade: after a failure.</summary>
    public DateTimeOffset RetryAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Failures in a row.</summary>
    public int Failures { get; set; }

    /// <summary>Since when it fails; null while it does not.</summary>
    public DateTimeOffset? FailingSince { get; set; }
}
