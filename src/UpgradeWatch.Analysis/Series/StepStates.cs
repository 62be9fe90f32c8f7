namespace UpgradeWatch.Analysis.Series;

/// <summary>What the state of a step means.</summary>
public static class StepStates
{
    private const StepState NotCounted = StepState.WarmUp | StepState.Planned | StepState.Starting | StepState.Idle;

    /// <summary>Whether a step counts: outside warm-up, planned downtime and starts, and not idle.</summary>
    public static bool Counts(this StepState state) => (state & NotCounted) == 0;
}
