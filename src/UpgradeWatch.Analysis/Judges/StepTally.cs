using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Judges;

/// <summary>Counts the steps since the upgrade: which counted, which had data, and how long something has lasted.</summary>
internal sealed class StepTally
{
    /// <summary>Steps that count: outside warm-up, planned downtime and starts, and not idle.</summary>
    public long Counted { get; private set; }

    /// <summary>Counted steps with data.</summary>
    public long Samples { get; private set; }

    /// <summary>Counted steps with data since the last step that did not count.</summary>
    public long Settled { get; private set; }

    /// <summary>Steps with data, counted or not.</summary>
    public long AnySamples { get; private set; }

    /// <summary>Counted steps without data, up to now in a row, while the target was not known to be down, and the source was there to see it.</summary>
    public long Vanished { get; private set; }

    /// <summary>Counted steps without data, up to now in a row, whatever the reason.</summary>
    public long Silent { get; private set; }

    /// <summary>Steps without data, up to now in a row, in which the target was down and that was not planned.</summary>
    public long Down { get; private set; }

    /// <summary>Warm-up steps, up to now in a row, with more than half of the events bad.</summary>
    public long Collapsed { get; private set; }

    /// <summary>The newest step; null before the first.</summary>
    public long? Last { get; private set; }

    /// <summary>Whether instances were starting in the newest step.</summary>
    public bool IsStarting { get; private set; }

    /// <summary>Takes a step; steps left out between the last one and this are gaps.</summary>
    /// <exception cref="ArgumentException">The step is not after the last one.</exception>
    public void Add(in StepSample step, bool isSample, bool isCollapsed)
    {
        if (step.Step <= Last)
            throw new ArgumentException($"Step {step.Step} follows step {Last}; give each step once, in ascending order.", nameof(step));

        var counts = step.State.Counts();
        if (Last is { } last && counts && !IsStarting)
        {
            var missing = step.Step - last - 1;
            Counted += missing;
            Vanished += missing;
            Silent += missing;
        }

        var isDown = !isSample && (step.State & StepState.Down) != 0 && (step.State & StepState.Planned) == 0;
        Down = isDown ? Down + 1 : 0;
        Collapsed = isCollapsed && (step.State & StepState.WarmUp) != 0 && (step.State & StepState.Planned) == 0 ? Collapsed + 1 : 0;
        AnySamples += isSample ? 1 : 0;
        var isThere = isSample || (step.State & StepState.Idle) != 0;
        if (isThere || isDown)
            Vanished = 0;
        if (isThere)
            Silent = 0;
        if (counts)
        {
            Counted++;
            Silent += isSample ? 0 : 1;
            Samples += isSample ? 1 : 0;
            Settled += isSample ? 1 : 0;
            Vanished += isSample || isDown || (step.State & StepState.Unseen) != 0 ? 0 : 1;
        }
        else
        {
            Settled = 0;
        }

        IsStarting = (step.State & StepState.Starting) != 0;
        Last = step.Step;
    }
}
