using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Watches;

/// <summary>Which signals the source refused though it answered, and for which steps: they are read again once.</summary>
internal sealed class RefusedSteps
{
    private readonly Dictionary<string, (long First, long Last)> _steps = [];

    /// <summary>Takes what was read.</summary>
    public void Note(StepBlock block)
    {
        foreach (var (name, signal) in block.Signals)
        {
            if (signal.Failure is not null) _steps[name] = (_steps.TryGetValue(name, out var known) ? known.First : block.FirstStep, block.FirstStep + block.Count - 1);
        }
    }

    /// <summary>What is to be read again; null for nothing.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="newest">The newest step that was read.</param>
    /// <param name="isLast">Whether nothing comes after it: then signals that are still refused are asked for too.</param>
    public (IReadOnlyList<SignalDefinition> Signals, long First, long Last)? ToReread(TargetPlan plan, long newest, bool isLast)
    {
        var due = _steps.Where(step => isLast || step.Value.Last < newest).ToDictionary();
        var signals = plan.Signals.Where(signal => due.ContainsKey(signal.Name)).ToList();
        return signals.Count == 0 ? null : (signals, due.Values.Min(step => step.First), due.Values.Max(step => step.Last));
    }

    /// <summary>Strikes off what was read again, whether it was answered or not; what was refused is kept when it is to be asked for again.</summary>
    public void Forget(StepBlock again, bool keepRefused)
    {
        foreach (var (name, signal) in again.Signals)
        {
            if (signal.Failure is null || !keepRefused) _steps.Remove(name);
        }
    }
}
