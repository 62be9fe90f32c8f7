namespace UpgradeWatch.TestKit.Simulation.Days;

/// <summary>How a simulated day ended.</summary>
/// <param name="Plan">What the seed decided.</param>
/// <param name="Upgrades">Every upgrade, with what its version did.</param>
/// <param name="Trouble">Promises that were broken; empty for none.</param>
public sealed record DayResult(DayPlan Plan, IReadOnlyList<DayUpgrade> Upgrades, IReadOnlyList<string> Trouble)
{
    /// <summary>One line for the log of a test.</summary>
    public override string ToString() => $"{string.Join(" | ", Trouble)}{string.Concat(Upgrades.Select(upgrade => $"\n  {upgrade}"))}\n  {Plan}";
}

/// <summary>One upgrade of a simulated day.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Target">Its target.</param>
/// <param name="Minute">When its rollout began.</param>
/// <param name="Fault">What the version does wrong.</param>
/// <param name="IsChange">Whether the version before was good: only then there is something to be seen.</param>
public sealed record DayUpgrade(string Id, int Target, int Minute, SimulatedFault Fault, bool IsChange)
{
    /// <summary>Whether its verdict was ever <c>fail</c>.</summary>
    public bool Failed { get; internal set; }

    /// <summary>Whether it has ended and its verdict is final.</summary>
    public bool IsOver { get; internal set; }

    /// <summary>How it ended: the last status, code and phase.</summary>
    public string End { get; internal set; } = "";
}
