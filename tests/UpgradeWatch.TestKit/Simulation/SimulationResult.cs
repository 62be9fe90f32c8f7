namespace UpgradeWatch.TestKit.Simulation;

/// <summary>How a simulated upgrade ended.</summary>
/// <param name="Plan">What the seed decided.</param>
/// <param name="Status">The final verdict.</param>
/// <param name="Code">Its code.</param>
/// <param name="Summary">Its reason.</param>
/// <param name="Failed">Whether it was <c>fail</c> at any time.</param>
/// <param name="Trouble">Promises that were broken on the way; empty for none.</param>
public sealed record SimulationResult(SimulationPlan Plan, string Status, string Code, string Summary, bool Failed, IReadOnlyList<string> Trouble)
{
    /// <summary>Where the first finding was that was told; null when that was never said.</summary>
    public string? Where { get; init; }

    /// <summary>Whether the version was bad.</summary>
    public bool IsBad => Plan.Fault != SimulatedFault.None;

    /// <summary>One line for the log of a test.</summary>
    public override string ToString() => $"{Status} ({Code}) {Summary} | {Plan}{(Trouble.Count == 0 ? "" : " | " + string.Join("; ", Trouble))}";
}
