using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>One query of a plan.</summary>
/// <param name="Signal">The signal that it is for; null for the target's instances.</param>
/// <param name="Purpose">What it is asked for.</param>
/// <param name="Text">PromQL.</param>
internal sealed record PlannedQuery(SignalDefinition? Signal, QueryPurpose Purpose, string Text)
{
    /// <summary>Value of a step without a point: no bad events, and otherwise a gap.</summary>
    public double Absent => Purpose is QueryPurpose.Bad or QueryPurpose.Instances ? 0 : double.NaN;
}
