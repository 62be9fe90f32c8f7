using System.Text.Json.Nodes;

namespace UpgradeWatch.Dashboards.Boards;

/// <summary>
/// States as numbers and back as texts: the metrics have one series of 0 or 1 for each state, and panels show numbers.
/// </summary>
internal static class States
{
    /// <summary>Numbers of the phases.</summary>
    public static readonly IReadOnlyList<(string Name, Mapping Shown)> Phases =
    [
        ("none", new("0", "no upgrade", "#808080")),
        ("pre-upgrade", new("1", "pre-upgrade", "blue")),
        ("upgrading", new("2", "upgrading", "orange")),
        ("post-upgrade", new("3", "post-upgrade", "purple")),
        ("completed", new("4", "completed", "green")),
        ("rolling-back", new("5", "rolling back", "red")),
        ("rolled-back", new("6", "rolled back", "dark-red")),
        ("aborted", new("7", "aborted", "#808080")),
    ];

    /// <summary>Numbers of verdicts and findings, the worse the higher.</summary>
    public static readonly IReadOnlyList<(string Name, Mapping Shown)> Verdicts =
    [
        ("pending", new("1", "pending", "blue")),
        ("pass", new("2", "pass", "green")),
        ("warn", new("3", "warn", "orange")),
        ("inconclusive", new("4", "inconclusive", "purple")),
        ("fail", new("5", "FAIL", "red")),
    ];

    /// <summary>Numbers of the states of checklist items.</summary>
    public static readonly IReadOnlyList<(string Name, Mapping Shown)> Items =
    [
        ("pending", new("1", "pending", "text")),
        ("in-progress", new("2", "in progress", "blue")),
        ("done", new("3", "done", "green")),
        ("skipped", new("4", "skipped", "#808080")),
        ("flagged", new("5", "FLAGGED", "red")),
    ];

    /// <summary>Codes of findings in words.</summary>
    public static readonly IReadOnlyList<Mapping> Codes =
    [
        new("none", "as expected", "text"),
        new("level", "its level has moved", "text"),
        new("tail", "its slowest have moved", "text"),
        new("variability", "it scatters more than before", "text"),
        new("flat", "it does not move any more", "text"),
        new("gaps", "samples are missing", "text"),
        new("provisional", "not yet sure", "text"),
        new("recovered", "was abnormal, is back", "text"),
        new("metric-vanished", "the metric is gone", "text"),
        new("target-down", "the target is down", "text"),
        new("no-baseline", "nothing to compare with", "text"),
        new("baseline-unhealthy", "it was abnormal before the upgrade", "text"),
        new("transient", "while instances start", "text"),
        new("acknowledged", "acknowledged by somebody", "text"),
        new("stale", "not looked at for too long", "text"),
        new("too-little-data", "too little data", "text"),
        new("buckets-changed", "its buckets have changed", "text"),
        new("source", "the source cannot be asked", "text"),
        new("limit", "beyond the configured limit", "text"),
        new("baseline", "the baseline is being read", "text"),
        new("rolled-back", "rolled back", "text"),
        new("aborted", "aborted", "text"),
        new("superseded", "superseded", "text"),
    ];

    /// <summary>The number of the state that holds, for each of the labels that are kept.</summary>
    /// <param name="metric">The metric with its selector, without the closing brace.</param>
    /// <param name="label">Label of the state.</param>
    /// <param name="kept">Labels that are kept.</param>
    /// <param name="states">The states.</param>
    public static string Number(string metric, string label, string kept, IReadOnlyList<(string Name, Mapping Shown)> states) =>
        $"sum by ({kept}) ({string.Join(" or ", states.Select(state => $"{state.Shown.Value} * max by ({kept}, {label}) ({metric}{(metric.EndsWith('{') ? "" : ", ")}{label}=\"{state.Name}\"}})"))})";

    /// <summary>Texts and colours of the numbers.</summary>
    public static IReadOnlyList<Mapping> Texts(IReadOnlyList<(string Name, Mapping Shown)> states) => [.. states.Select(state => state.Shown)];

    /// <summary>A column of a table that shows states as coloured texts.</summary>
    public static Override Column(string name, IReadOnlyList<(string Name, Mapping Shown)> states) => new(
        name, false, ("mappings", Parts.Mappings(Texts(states))), ("custom.cellOptions", Background()), ("custom.displayMode", "color-background-solid"), ("color", new JsonObject { ["mode"] = "thresholds" }));

    // Grafana 9.4 has the older of the two names, later ones the newer.
    private static JsonObject Background() => new() { ["type"] = "color-background", ["mode"] = "basic" };
}
