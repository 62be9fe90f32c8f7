namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Consecutive steps by index; a step ends at its index times the step in Unix time.</summary>
/// <param name="StepSeconds">Length of a step.</param>
/// <param name="First">Index of the first step.</param>
/// <param name="Count">Number of steps, at least 1.</param>
internal readonly record struct StepGrid(double StepSeconds, long First, int Count)
{
    // Prometheus keeps milliseconds and prints at most three decimals.
    private const double Resolution = 0.002;

    /// <summary>Unix time of the first step.</summary>
    public double Start => First * StepSeconds;

    /// <summary>Unix time of the last step.</summary>
    public double End => (First + Count - 1) * StepSeconds;

    /// <summary>At most so many steps, after the first few.</summary>
    public StepGrid Part(int skipped, int most) => this with { First = First + skipped, Count = Math.Min(most, Count - skipped) };

    /// <summary>The place of a time in an array of these steps; -1 when it is none of them.</summary>
    public int IndexOf(double seconds)
    {
        var index = Math.Round((seconds - Start) / StepSeconds);
        return index >= 0 && index < Count && Math.Abs(seconds - (Start + (index * StepSeconds))) <= Resolution ? (int)index : -1;
    }
}
