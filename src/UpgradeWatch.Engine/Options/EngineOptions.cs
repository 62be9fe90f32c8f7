namespace UpgradeWatch.Engine.Options;

/// <summary>What the engine needs of the configuration.</summary>
public sealed record EngineOptions
{
    /// <summary>The targets; names are unique.</summary>
    public IReadOnlyList<TargetOptions> Targets { get; init; } = [];

    /// <summary>How the checklist is tailored.</summary>
    public ChecklistOptions Checklist { get; init; } = new();

    /// <summary>What tells this UpgradeWatch from others.</summary>
    public InstanceOptions Instance { get; init; } = new();

    /// <summary>Seconds between two evaluations.</summary>
    public double IntervalSeconds { get; init; } = 15;

    /// <summary>Names of the sinks that are told about phases, findings and verdicts; empty for none.</summary>
    public IReadOnlyList<string> AnnotationSinks { get; init; } = [];

    /// <summary>Whether they are told of phases alone, and not of verdicts and findings.</summary>
    public bool AnnotatesPhasesAlone { get; init; }

    /// <summary>
    /// How many numbers (of 4 bytes) of history are kept in memory while nothing is upgraded: one for each minute of an SLI,
    /// two for a ratio. The history of targets beyond that is read when an upgrade begins.
    /// </summary>
    public long MostHistoryNumbers { get; init; } = 4_000_000;

    /// <summary>The target of a name; null when it is not known.</summary>
    public TargetOptions? Find(string name)
    {
        foreach (var target in Targets)
        {
            if (target.Name == name) return target;
        }

        return null;
    }
}
