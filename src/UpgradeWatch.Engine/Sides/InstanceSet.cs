using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Sides;

/// <summary>Some of a target's instances, picked by labels of their series or by another series of theirs.</summary>
public sealed record InstanceSet
{
    /// <summary>Labels of their series.</summary>
    public IReadOnlyList<LabelMatch> Matches { get; init; } = [];

    /// <summary>A series that only they have; null for none.</summary>
    public Selector? Having { get; init; }

    /// <summary>The labels by which that series is theirs.</summary>
    public IReadOnlyList<string> On { get; init; } = [];

    /// <summary>Tells it from any other.</summary>
    public string Key => $"{string.Join(',', Matches)} {Having?.Metric} {string.Join(',', Having?.Matches ?? [])} {string.Join(',', On)}";

    /// <summary>The same plan for these instances alone: what counts requests. What somebody wrote a query for cannot be split.</summary>
    public TargetPlan Of(TargetPlan plan)
    {
        var signals = plan.Signals.Where(signal => signal.Gauge is null).Select(signal => signal with
        {
            All = [.. signal.All.Select(With)],
            Bad = [.. signal.Bad.Select(With)],
            Buckets = signal.Buckets is null ? null : With(signal.Buckets),
        });
        return plan with { Signals = [.. signals], TargetMatches = [.. plan.TargetMatches, .. Matches], Only = this, SeesAnyUp = false };
    }

    private Selector With(Selector selector) => selector with { Matches = [.. selector.Matches, .. Matches] };
}

/// <summary>The instances of the old and of the new version of a target that run side by side.</summary>
/// <param name="Old">Those that run what was there before.</param>
/// <param name="New">Those that run what is rolled out.</param>
/// <param name="InstanceLabel">The label whose values tell single instances apart, for instance <c>pod</c>.</param>
public sealed record InstanceSides(InstanceSet Old, InstanceSet New, string InstanceLabel)
{
    // Names of pods end in letters and digits that mean nothing; addresses end in a port that all share.
    private const string FirstHalf = "[^:]*[02468bdfhjlnprtvxz](:[0-9]+)?";

    /// <summary>Two halves of the instances before the upgrade: how much they differ is how much they differ when nothing does.</summary>
    public (InstanceSet One, InstanceSet Other) Halves => (
        new InstanceSet { Matches = [new LabelMatch(InstanceLabel, MatchOperator.Matches, FirstHalf)] },
        new InstanceSet { Matches = [new LabelMatch(InstanceLabel, MatchOperator.NotMatches, FirstHalf), new LabelMatch(InstanceLabel, MatchOperator.NotEqual, "")] });
}
