namespace UpgradeWatch.Dashboards.Alerting;

/// <summary>An alert, from which the Prometheus rule and the Grafana-managed rule are both written.</summary>
internal sealed record Alert
{
    /// <summary>Its name. Two alerts may share one, with different severities, so that the worse mutes the other.</summary>
    public required string Name { get; init; }

    /// <summary>Uid of the Grafana-managed rule; never changed, it is the rule's identity.</summary>
    public required string Uid { get; init; }

    /// <summary><c>critical</c>, <c>warning</c>, <c>info</c> or <c>none</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>PromQL: a series for each thing that is wrong, and none while nothing is.</summary>
    public required string Expression { get; init; }

    /// <summary>How long it must hold, for instance <c>10m</c>.</summary>
    public string For { get; init; } = "0s";

    /// <summary>One line with the numbers.</summary>
    public required string Summary { get; init; }

    /// <summary>What it means and what to do.</summary>
    public required string Description { get; init; }

    /// <summary>Further queries whose labels and values the texts name.</summary>
    public IReadOnlyList<Detail> Details { get; init; } = [];

    /// <summary>Panel of the dashboard of an upgrade that shows it.</summary>
    public required string Panel { get; init; }
}

/// <summary>A further query of an alert.</summary>
/// <param name="Name">Name in the texts.</param>
/// <param name="RefId">Letter of the query in Grafana; A to C are taken.</param>
/// <param name="Expression">PromQL with at most one series for each job and target, or only one.</param>
/// <param name="IsJoined">Whether job and target tie it to the alert; otherwise there is only one series.</param>
/// <param name="Labels">Its labels that the texts name.</param>
internal sealed record Detail(string Name, string RefId, string Expression, bool IsJoined, params string[] Labels);
