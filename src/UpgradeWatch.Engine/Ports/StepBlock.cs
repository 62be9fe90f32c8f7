namespace UpgradeWatch.Engine.Ports;

/// <summary>The numbers of one target for consecutive steps, as a source measured them. Arrays have <see cref="Count"/> entries.</summary>
public sealed record StepBlock
{
    /// <summary>Length of a step in seconds.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>Index of the first step: it ends at FirstStep x StepSeconds in Unix time.</summary>
    public required long FirstStep { get; init; }

    /// <summary>Number of steps.</summary>
    public required int Count { get; init; }

    /// <summary>Instances that are up, per step; -1 where it is not known.</summary>
    public required int[] Up { get; init; }

    /// <summary>Instances that are known and down, per step; 0 where it is not known.</summary>
    public required int[] Down { get; init; }

    /// <summary>Whether an instance appeared or a process started within the step.</summary>
    public required bool[] Started { get; init; }

    /// <summary>
    /// Whether the source took in no sample of any target in a step although it usually does: it answers, but sees
    /// nothing. Null where that is not known.
    /// </summary>
    public bool[]? Blind { get; init; }

    /// <summary>The signals by name; a signal that could not be read carries its failure.</summary>
    public required IReadOnlyDictionary<string, SignalSteps> Signals { get; init; }

    /// <summary>How many different samples these steps consist of: what a perfect source would have to fetch.</summary>
    public required long Samples { get; init; }
}

/// <summary>One signal's numbers. NaN is a gap. Arrays that do not apply are null.</summary>
public sealed record SignalSteps
{
    /// <summary>All events per step.</summary>
    public double[]? All { get; init; }

    /// <summary>
    /// Events per second, where steps were put together that do not cover all of the time or hold events of the time
    /// before; null where they are <see cref="All"/> over the length of a step.
    /// </summary>
    public double[]? PerSecond { get; init; }

    /// <summary>Bad events per step; 0 where all events exist and bad ones do not.</summary>
    public double[]? Bad { get; init; }

    /// <summary>Upper bounds of the buckets in seconds, ascending, the last one infinite: only those that all instances share.</summary>
    public double[] Bounds { get; init; } = [];

    /// <summary>Cumulative counts, one array of steps for each bound.</summary>
    public double[][]? Buckets { get; init; }

    /// <summary>The gauge.</summary>
    public double[]? Values { get; init; }

    /// <summary>Why this signal could not be read though the source answered, for instance more than one series; null when it could.</summary>
    public SourceFailure? Failure { get; init; }
}
