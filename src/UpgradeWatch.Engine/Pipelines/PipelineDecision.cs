using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Pipelines;

/// <summary>What follows from a step of a tool.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Upgrade">With which upgrade; null for a new one, or none.</param>
internal sealed record PipelineDecision(PipelineAction Action, Upgrade? Upgrade)
{
    /// <summary>A refusal.</summary>
    public PipelineDecision(Refusal refusal)
        : this(PipelineAction.Refuse, null) => Refusal = refusal;

    /// <summary>The phase that the upgrade is moved to; null for none.</summary>
    public Phase? To { get; init; }

    /// <summary>Why it is refused; null when it is not.</summary>
    public Refusal? Refusal { get; }
}

/// <summary>What is done with a step.</summary>
internal enum PipelineAction
{
    /// <summary>It is refused.</summary>
    Refuse,

    /// <summary>An upgrade moves on, unless it is there already.</summary>
    Move,

    /// <summary>An upgrade that somebody else has opened is known by the tool's name from now on, and moves on.</summary>
    Adopt,

    /// <summary>An upgrade is opened.</summary>
    Open,
}
