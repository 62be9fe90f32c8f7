namespace UpgradeWatch.TestKit.Simulation.Days;

/// <summary>What people do about a version whose verdict is <c>fail</c>.</summary>
public enum Reaction
{
    /// <summary>They put the version before in its place again.</summary>
    RollBack,

    /// <summary>They put a good version over it.</summary>
    FixForward,

    /// <summary>They say that it is known, and leave it as it is.</summary>
    Acknowledge,
}

/// <summary>A version that is rolled out on one day.</summary>
/// <param name="Target">Index of the target.</param>
/// <param name="Minute">Minute of the day at which its rollout begins.</param>
/// <param name="Fault">What it does wrong.</param>
/// <param name="RolloutMinutes">How long it is rolled out.</param>
/// <param name="Reaction">What people do when it fails.</param>
public sealed record Release(int Target, int Minute, SimulatedFault Fault, int RolloutMinutes, Reaction Reaction)
{
    /// <summary>How long the target is down as planned; 0 for no longer than its instances take to start.</summary>
    public int PlannedMinutes { get; init; }
}
