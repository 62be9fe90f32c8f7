namespace UpgradeWatch.TestKit.Simulation.Days;

/// <summary>Which version of a target runs when.</summary>
internal sealed class Deployment
{
    private readonly List<(long FromStep, int RestartSteps, SimulatedFault Fault)> _versions = [];

    /// <summary>What the version that runs does wrong.</summary>
    public SimulatedFault Fault => _versions.Count == 0 ? SimulatedFault.None : _versions[^1].Fault;

    /// <summary>Another version runs after a step, and does not answer at first.</summary>
    public void Deploy(long afterStep, int restartSteps, SimulatedFault fault) => _versions.Add((afterStep + 1, restartSteps, fault));

    /// <summary>What is so in a step.</summary>
    public SimulatedService.Condition At(long step)
    {
        var current = _versions.FindLast(version => version.FromStep <= step);
        var since = step - current.FromStep;
        var isNew = current.FromStep > 0;
        return new SimulatedService.Condition(current.Fault, isNew && since < current.RestartSteps, isNew && since == current.RestartSteps);
    }
}
