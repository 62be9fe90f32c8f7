using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Engine.Verdicts;

/// <summary>The result for an upgrade.</summary>
public sealed record Verdict
{
    /// <summary>A verdict before anything was looked at.</summary>
    public static readonly Verdict Nothing = new()
    {
        Status = FindingStatus.Pending,
        Code = FindingCodes.None,
        Summary = "The upgrade has not begun: nothing has been judged yet.",
    };

    /// <summary>Pending, pass, warn, fail or inconclusive.</summary>
    public required FindingStatus Status { get; init; }

    /// <summary>The code of the finding that decided, or of the upgrade's end.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Summary { get; init; }

    /// <summary>Whether it will not change any more.</summary>
    public bool Final { get; init; }

    /// <summary>End of the newest step that was judged; null for none.</summary>
    public DateTimeOffset? ObservedUntil { get; init; }

    /// <summary>Every SLI's finding, worst first.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>SLIs that were left out because there was no sample before or after, by name.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Whether the end of the baseline was itself abnormal, so that nothing found is held against the upgrade.</summary>
    public bool BaselineUnhealthy { get; init; }

    /// <summary>Whether the checklist item <c>monitor-metrics</c> is flagged.</summary>
    public bool Flagged => Status == FindingStatus.Fail;
}

/// <summary>A finding of one SLI with what the SLI is.</summary>
public sealed record Finding
{
    /// <summary>Name of the SLI.</summary>
    public required string Sli { get; init; }

    /// <summary>Kind of the SLI.</summary>
    public required SliKind Kind { get; init; }

    /// <summary>Which way is bad.</summary>
    public required Direction Direction { get; init; }

    /// <summary>Whether it can fail the verdict.</summary>
    public required bool Critical { get; init; }

    /// <summary>Unit of the values.</summary>
    public required string Unit { get; init; }

    /// <summary>What the judge says.</summary>
    public required SliFinding Result { get; init; }

    /// <summary>Who took it out of deciding, and why; null for nobody.</summary>
    public Acknowledgement? Acknowledged { get; init; }

    /// <summary>The reason in one word, as everybody is told: the judge's, unless it is acknowledged.</summary>
    public string Code => Acknowledged is null ? Result.Code : FindingCodes.Acknowledged;
}

/// <summary>The names of states, kinds and directions as they are written everywhere.</summary>
public static class VerdictNames
{
    /// <summary><c>pending</c>, <c>pass</c>, <c>warn</c>, <c>fail</c>, <c>inconclusive</c>.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["pending", "pass", "warn", "fail", "inconclusive"];

    /// <summary>The name of a status.</summary>
    public static string ToText(this FindingStatus status) => Statuses[(int)status];

    /// <summary>The name of a kind.</summary>
    public static string ToText(this SliKind kind) => kind switch
    {
        SliKind.Ratio => "ratio",
        SliKind.Latency => "latency",
        SliKind.Gauge => "gauge",
        _ => "logs",
    };

    /// <summary>The name of a direction.</summary>
    public static string ToText(this Direction direction) => direction switch
    {
        Direction.Up => "up",
        Direction.Down => "down",
        _ => "both",
    };
}
