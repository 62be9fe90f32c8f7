using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>A window of a live check.</summary>
public enum CheckWindow
{
    /// <summary>As long as the baseline window, and before the other.</summary>
    Baseline,

    /// <summary>As long as the observation window, up to now.</summary>
    Observation,
}

/// <summary>What one query gave over one window.</summary>
public sealed record QueryCheck
{
    /// <summary>The signal it is for; null for the target's instances.</summary>
    public required string? Signal { get; init; }

    /// <summary>What it is asked for.</summary>
    public required QueryPurpose Purpose { get; init; }

    /// <summary>Over which window.</summary>
    public required CheckWindow Window { get; init; }

    /// <summary>PromQL.</summary>
    public required string Query { get; init; }

    /// <summary>Series that the answer has.</summary>
    public int Series { get; init; }

    /// <summary>Series at the end of the window from which the answer is worked out; null where that is not known (a query of one's own).</summary>
    public long? SeriesBehind { get; init; }

    /// <summary>Label names of the series behind it; of the answer where those are not known.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Seconds between two scrapes.</summary>
    public double ScrapeIntervalSeconds { get; init; }

    /// <summary>Length of a step in seconds.</summary>
    public double StepSeconds { get; init; }

    /// <summary>Steps of the window.</summary>
    public int Steps { get; init; }

    /// <summary>Share of the steps in which there is a number, 0 to 1.</summary>
    public double Coverage { get; init; }

    /// <summary>Numbers in the answer.</summary>
    public long Samples { get; init; }

    /// <summary>Why there is no answer; null when there is one.</summary>
    public SourceFailure? Failure { get; init; }

    /// <summary>Why the answer is probably empty, in a sentence; null when it is not.</summary>
    public string? Empty { get; init; }

    /// <summary>What is doubtful about the query, in sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
