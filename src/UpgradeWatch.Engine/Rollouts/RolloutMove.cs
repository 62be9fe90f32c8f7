using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Rollouts;

/// <summary>One thing that follows from what was seen: a command, and what is remembered once it has been carried out.</summary>
/// <param name="Remember">What is remembered of the workload; null when that does not change.</param>
internal sealed record RolloutMove(SeenRollout? Remember)
{
    /// <summary>Stands for the id of the upgrade that <see cref="Begin"/> opens.</summary>
    public const string Begun = "";

    /// <summary>An upgrade to open; null for none.</summary>
    public BeginCommand? Begin { get; init; }

    /// <summary>A move of an upgrade; null for none.</summary>
    public (string UpgradeId, AdvanceCommand Command)? Advance { get; init; }
}
