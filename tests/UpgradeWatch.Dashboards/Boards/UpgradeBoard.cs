using System.Text.Json.Nodes;

namespace UpgradeWatch.Dashboards.Boards;

/// <summary>One target: its verdict and why, its phases, its checklist, and each SLI against what is expected of it.</summary>
internal static class UpgradeBoard
{
    /// <summary>Its uid, to which other dashboards and alerts lead.</summary>
    public const string Uid = "upgradewatch-upgrade";

    private const string Target = "target=\"$target\"";
    private const string Sli = "target=\"$target\", sli=\"$sli\"";
    private const string LowerEnd = "lower end", UpperEnd = "upper end";
    // It must not reassure: nothing is found in a log that is not there, either.
    private const string NoLine = "nothing found: either no line has such a word, or Loki has no log whose label is the target's name";
    private const string NoUpgrade = "no upgrade, or ended over an hour ago";

    /// <summary>The dashboard.</summary>
    public static Board Board { get; } = new()
    {
        Uid = Uid,
        Title = "UpgradeWatch / Upgrade",
        Description = "One target's upgrade: the verdict and its reasons, phases, checklist, and each SLI against what is expected of it.",
        From = "now-3h",
        AsksLogs = true,
        MarkedTarget = "$target",
        Variables =
        [
            new("target", "Target", "label_values(upgradewatch_target_info, target)"),
            new("sli", "SLI", "label_values(upgradewatch_sli_status{target=\"$target\"}, sli)", IsMulti: true),
            new("log_label", "Label of the log", "service_name", IsText: true),
        ],
        Panels =
        [
            Verdict, Phase, Versions, Began, Ends, Flagged,
            Findings, Links,
            Phases, Verdicts,
            new() { Type = "row", Title = "Each SLI against what is expected", Width = 24, Height = 1 },
            Value,
            new() { Type = "row", Title = "How much and how sure", Width = 24, Height = 1 },
            Change, Chance,
            new() { Type = "row", Title = "Checklist and alerts", Width = 24, Height = 1 },
            Checklist, Alerts,
            new() { Type = "row", Title = "Lines of the log that look like errors (needs a Loki data source)", Width = 24, Height = 1, Within = [LogCount, Logs] },
        ],
    };

    private static Panel Verdict => new()
    {
        Type = "stat",
        Title = "Verdict",
        Width = 5,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "none",
        NoValue = NoUpgrade,
        Description = "The verdict on the upgrade: the checklist item monitor-metrics.",
        Queries = [new(States.Number($"upgradewatch_verdict{{{Target}", "status", "target", States.Verdicts), "verdict", QueryShape.Now)],
        Mappings = States.Texts(States.Verdicts),
    };

    private static Panel Phase => new()
    {
        Type = "stat",
        Title = "Phase",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "none",
        NoValue = "this target is not configured",
        Description = "The phase that the upgrade is in; for an hour after its end the last one.",
        Queries = [new(States.Number($"upgradewatch_upgrade_phase{{{Target}", "phase", "target", States.Phases), "phase", QueryShape.Now)],
        Mappings = States.Texts(States.Phases),
    };

    private static Panel Versions => new()
    {
        Type = "stat",
        Title = "Versions",
        Width = 5,
        Height = 4,
        Options = Shapes.Stat("name"),
        Unit = "none",
        NoValue = NoUpgrade,
        Description = "From which version to which.",
        Queries = [new($"max by (from_version, to_version) (upgradewatch_upgrade_info{{{Target}}})", "{{from_version}} → {{to_version}}", QueryShape.Now)],
        Thresholds = [new(null, "blue")],
    };

    private static Panel Began => new()
    {
        Type = "stat",
        Title = "In this phase for",
        Width = 3,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "s",
        NoValue = NoUpgrade,
        Description = "How long the phase has lasted.",
        Queries = [new($"time() - max(max by (phase) (upgradewatch_upgrade_phase_start_timestamp_seconds{{{Target}}}) and on (phase) (upgradewatch_upgrade_phase{{{Target}}} == 1))", "for", QueryShape.Now)],
        Thresholds = [new(null, "blue")],
    };

    private static Panel Ends => new()
    {
        Type = "stat",
        Title = "Planned to end in",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "s",
        NoValue = "this phase has no planned end",
        Description = "When the planned downtime or the observation window ends; negative when that time is over.",
        Queries = [new($"max(max by (phase) (upgradewatch_upgrade_phase_planned_end_timestamp_seconds{{{Target}}}) and on (phase) (upgradewatch_upgrade_phase{{{Target}}} == 1)) - time()", "in", QueryShape.Now)],
        Thresholds = [new(null, "red"), new(-1200, "orange"), new(0, "blue")],
    };

    private static Panel Flagged => new()
    {
        Type = "stat",
        Title = "Flagged items",
        Width = 3,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "none",
        NoValue = NoUpgrade,
        Description = "How many items of the checklist are flagged.",
        Queries = [new($"sum(max by (item) (upgradewatch_checklist_item{{{Target}, status=\"flagged\"}}))", "flagged", QueryShape.Now)],
        Thresholds = [new(null, "green"), new(1, "red")],
        Mappings = [new("0", "none", "green")],
    };

    private static Panel Findings => new()
    {
        Type = "table",
        Title = "Findings",
        Width = 18,
        Height = 9,
        Options = Shapes.Table(),
        Unit = "none",
        NoValue = "nothing has been judged yet",
        Description = "What is found of each SLI, and why in a few words: the value now, what is expected, how many times that it is, and how probable such a change is by chance. The report says it in sentences.",
        Queries =
        [
            new(States.Number($"upgradewatch_sli_status{{{Target}", "status", "sli", States.Verdicts), "", QueryShape.Table),
            new($"max by (sli, code) (upgradewatch_finding_info{{{Target}}})", "", QueryShape.Table),
            new($"max by (sli, unit) (upgradewatch_sli_value{{{Target}}})", "", QueryShape.Table),
            new($"max by (sli, unit) (upgradewatch_sli_expected{{{Target}}})", "", QueryShape.Table),
            new($"max by (sli, unit) (upgradewatch_sli_change_ratio{{{Target}}})", "", QueryShape.Table),
            new($"max by (sli, unit) (upgradewatch_sli_p_value{{{Target}}})", "", QueryShape.Table),
        ],
        Transformations =
        [
            Parts.Merge(),
            .. Parts.Columns(("sli", "SLI"), ("Value #A", "Finding"), ("code", "Why"), ("Value #C", "Now"), ("Value #D", "Expected"), ("unit", "Unit"), ("Value #E", "Times"), ("Value #F", "By chance")),
        ],
        Overrides =
        [
            States.Column("Finding", States.Verdicts),
            new("Why", false, ("mappings", Parts.Mappings(States.Codes)), ("custom.width", 230)),
            new("/Why|Now|Expected|Unit|Times|By chance/", true, ("noValue", "-")),
            new("Now", false, ("decimals", 4)),
            new("Expected", false, ("decimals", 4)),
            new("Times", false, ("decimals", 2)),
            new("By chance", false, ("decimals", 4)),
        ],
    };

    private static Panel Links => new()
    {
        Type = "table",
        Title = "Report and runbook",
        Width = 6,
        Height = 9,
        Options = Shapes.Table(),
        Unit = "none",
        NoValue = NoUpgrade,
        Description = "Where the report of the upgrade and the runbook are.",
        Queries = [new($"max by (target, upgrade) (upgradewatch_upgrade_info{{{Target}}}) * on (target) group_left (api, runbook) topk by (target) (1, upgradewatch_links_info{{{Target}}})", "", QueryShape.Table)],
        Transformations = Parts.Columns(("upgrade", "Upgrade"), ("api", "UpgradeWatch"), ("runbook", "Runbook")),
        Overrides =
        [
            new("Upgrade", false, ("links", Parts.List(Link("Open the report", "${__data.fields.UpgradeWatch}/api/v1/upgrades/${__value.text}/report")))),
            new("Runbook", false, ("links", Parts.List(Link("Open the runbook", "${__value.text}")))),
        ],
    };

    private static Panel Phases => new()
    {
        Type = "state-timeline",
        Title = "Phases",
        Width = 12,
        Height = 5,
        Options = Shapes.Timeline(),
        Custom = Shapes.Bars(),
        Unit = "none",
        NoValue = "this target is not configured",
        Description = "The phases of the upgrade over time.",
        Queries = [new(States.Number($"upgradewatch_upgrade_phase{{{Target}", "phase", "target", States.Phases), "phase")],
        Mappings = States.Texts(States.Phases),
    };

    private static Panel Verdicts => new()
    {
        Type = "state-timeline",
        Title = "Verdict over time",
        Width = 12,
        Height = 5,
        Options = Shapes.Timeline(),
        Custom = Shapes.Bars(),
        Unit = "none",
        NoValue = "no upgrade in this time",
        Description = "The verdict over time.",
        Queries = [new(States.Number($"upgradewatch_verdict{{{Target}", "status", "target", States.Verdicts), "verdict")],
        Mappings = States.Texts(States.Verdicts),
    };

    private static Panel Value => new()
    {
        Type = "timeseries",
        Title = "$sli",
        Width = 12,
        Height = 8,
        Options = Shapes.Courses(),
        Custom = Shapes.Lines(),
        Repeat = "sli",
        NoValue = "no value",
        Description = "The SLI as it is against the band in which it is expected at this hour. The upgrade's phases are marked.",
        Queries =
        [
            new($"max by (unit) (upgradewatch_sli_value{{{Sli}}})", "now, {{unit}}"),
            new($"max by (unit) (upgradewatch_sli_expected{{{Sli}}})", "expected, {{unit}}"),
            new($"max by (unit) (upgradewatch_sli_expected_lower{{{Sli}}})", LowerEnd + ", {{unit}}"),
            new($"max by (unit) (upgradewatch_sli_expected_upper{{{Sli}}})", UpperEnd + ", {{unit}}"),
        ],
        Overrides =
        [
            Unit("seconds", "s"), Unit("ratio", "percentunit"), Unit("percent", "percent"), Unit("bytes", "bytes"), Unit(".*_per_second", "cps"),
            new("/^now/", true, ("custom.lineWidth", 2), ("color", Fixed("blue"))),
            new("/^expected/", true, ("custom.lineStyle", new JsonObject { ["fill"] = "dash", ["dash"] = Parts.List(8, 8) }), ("color", Fixed("#808080"))),
            // Grafana finds what it fills down to by its whole name as it is shown, so that must not depend on the unit. The
            // unit is known from the name in the legend, hence before.
            new("/^lower end/", true, ("displayName", LowerEnd), ("custom.lineWidth", 0), ("color", Fixed("green"))),
            new("/^upper end/", true, ("displayName", UpperEnd), ("custom.lineWidth", 0), ("custom.fillOpacity", 15), ("custom.fillBelowTo", LowerEnd), ("color", Fixed("green"))),
        ],
    };

    private static Panel Change => new()
    {
        Type = "timeseries",
        Title = "Change",
        Width = 12,
        Height = 8,
        Options = Shapes.Courses(),
        Custom = Shapes.Lines(),
        Unit = "short",
        NoValue = "nothing was judged in this time",
        Description = "Each SLI since the upgrade over what it was before: 1 is no change, 2 is twice as much.",
        Queries = [new($"max by (sli) (upgradewatch_sli_change_ratio{{{Target}, sli=~\"$sli\"}})", "{{sli}}")],
    };

    private static Panel Chance => new()
    {
        Type = "timeseries",
        Title = "By chance",
        Width = 12,
        Height = 8,
        Options = Shapes.Courses(),
        Custom = Shapes.Lines(),
        Unit = "percentunit",
        NoValue = "nothing was judged in this time",
        Description = "How probable a change such as that of each SLI is by chance: the lower, the surer it is that the upgrade has changed it.",
        Queries = [new($"max by (sli) (upgradewatch_sli_p_value{{{Target}, sli=~\"$sli\"}})", "{{sli}}")],
    };

    private static Panel Checklist => new()
    {
        Type = "table",
        Title = "Checklist",
        Width = 12,
        Height = 12,
        Options = Shapes.Table(),
        Unit = "none",
        NoValue = NoUpgrade,
        Description = "The items of the upgrade's checklist and how each stands.",
        Queries = [new(States.Number($"upgradewatch_checklist_item{{{Target}", "status", "item", States.Items), "", QueryShape.Table)],
        Transformations = Parts.Columns(("item", "Item"), ("Value", "Status")),
        Overrides = [States.Column("Status", States.Items)],
    };

    private static Panel Alerts => new()
    {
        Type = "alertlist",
        Title = "Alerts firing",
        Width = 12,
        Height = 12,
        NoValue = "no alert fires",
        Description = "Alerts of UpgradeWatch about this target that fire or are about to.",
        Options = new JsonObject
        {
            ["alertInstanceLabelFilter"] = "{source=\"upgradewatch\", target=\"$target\"}",
            ["alertName"] = "",
            ["dashboardAlerts"] = false,
            ["groupMode"] = "default",
            ["maxItems"] = 20,
            ["sortOrder"] = 3,
            ["viewMode"] = "list",
            ["stateFilter"] = new JsonObject { ["firing"] = true, ["pending"] = true, ["noData"] = false, ["normal"] = false, ["error"] = true },
        },
    };

    private static Panel LogCount => new()
    {
        Type = "timeseries",
        Title = "Lines that look like errors",
        Width = 24,
        Height = 6,
        Options = Shapes.Courses(),
        Custom = Shapes.Lines(20),
        Unit = "short",
        NoValue = NoLine,
        AsksLogs = true,
        Description = "How many lines of the target's log hold one of the words error, fatal, panic and exception: also such as were there before the upgrade, and harmless ones; errors said in other words are not among them. Its log is that whose label, named in the variable above, is the target's name.",
        Queries = [new("sum(count_over_time({${log_label:raw}=\"$target\"} |~ `(?i)(error|fatal|panic|exception)` [$__auto]))", "lines")],
    };

    private static Panel Logs => new()
    {
        Type = "logs",
        Title = "Newest lines that look like errors",
        Width = 24,
        Height = 10,
        Unit = "short",
        NoValue = NoLine,
        AsksLogs = true,
        Description = "The lines that are counted above, the newest first; of alike ones in a row only one. Loki cannot tell which of them are new since the upgrade: choose a time before it and compare.",
        Options = new JsonObject { ["showTime"] = true, ["wrapLogMessage"] = true, ["dedupStrategy"] = "signature", ["sortOrder"] = "Descending", ["enableLogDetails"] = true },
        Queries = [new("{${log_label:raw}=\"$target\"} |~ `(?i)(error|fatal|panic|exception)`")],
    };

    private static JsonObject Link(string title, string url) => new() { ["title"] = title, ["url"] = url, ["targetBlank"] = true };

    private static Override Unit(string name, string unit) => new($"/, {name}$/", true, ("unit", unit));

    private static JsonObject Fixed(string color) => new() { ["mode"] = "fixed", ["fixedColor"] = color };
}
