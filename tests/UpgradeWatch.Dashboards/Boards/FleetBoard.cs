namespace UpgradeWatch.Dashboards.Boards;

/// <summary>Every target: its phase, its verdict, what is flagged, and how upgrades have gone.</summary>
internal static class FleetBoard
{
    private const string Target = "target=~\"$target\"";
    // An upgrade goes through upgrading, or begins in post-upgrade; most go through both and must not count twice.
    private const string Begun = $"sum(max by (target) (sum by (target, phase) (increase(upgradewatch_phase_transitions_total{{{Target}, phase=~\"upgrading|post-upgrade\"}}[$__range]))))";

    // Also those that began before the time shown and were rolled back in it, so that it cannot be more than all.
    private const string BegunOrTakenBack = $"sum(max by (target) (sum by (target, phase) (increase(upgradewatch_phase_transitions_total{{{Target}, phase=~\"upgrading|post-upgrade|rolling-back\"}}[$__range]))))";
    private const string UpgradeUrl = "/d/" + UpgradeBoard.Uid + "?var-target=${__data.fields.Target}&${__url_time_range}";

    /// <summary>The dashboard.</summary>
    public static Board Board { get; } = new()
    {
        Uid = "upgradewatch-fleet",
        Title = "UpgradeWatch / Fleet",
        Description = "Every target's phase, verdict and flagged checklist items, and how upgrades have gone.",
        From = "now-24h",
        Variables = [new("target", "Target", "label_values(upgradewatch_target_info, target)", IsMulti: true)],
        Panels = [Open, Failing, Upgrades, FailureRate, Detect, Restore, Targets, Flagged, Phases, Verdicts],
    };

    private static Panel Open => new()
    {
        Type = "stat",
        Title = "Upgrades in progress",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Description = "Targets whose upgrade is in a phase other than none, completed, rolled back or aborted.",
        Queries = [new($"sum(max by (target) (upgradewatch_upgrade_phase{{{Target}, phase=~\"pre-upgrade|upgrading|post-upgrade|rolling-back\"}}))", "in progress", QueryShape.Now)],
        Thresholds = [new(null, "#808080"), new(1, "blue")],
        Mappings = [new("0", "none", "#808080")],
        NoValue = "no target is configured",
    };

    private static Panel Failing => new()
    {
        Type = "stat",
        Title = "Failing now",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Description = "Targets whose newest upgrade has the verdict fail; it stays for an hour after the upgrade has ended.",
        Queries = [new($"sum(max by (target) (upgradewatch_verdict{{{Target}, status=\"fail\"}})) or vector(0)", "failing", QueryShape.Now)],
        Thresholds = [new(null, "green"), new(1, "red")],
        Mappings = [new("0", "none", "green")],
    };

    private static Panel Upgrades => new()
    {
        Type = "stat",
        Title = "Upgrades",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "none",
        Description = "Upgrades that began upgrading within the time shown, or were told of only in post-upgrade. Of a target that does it now this way, now that, only the more frequent way counts.",
        Queries = [new($"round({Begun})", "upgrades", QueryShape.Now)],
        Thresholds = [new(null, "blue")],
        Mappings = [new("0", "none in this time", "#808080")],
        NoValue = "none in this time",
    };

    private static Panel FailureRate => new()
    {
        Type = "stat",
        Title = "Change failure rate",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "percentunit",
        Description = "Roll-backs begun within the time shown, over the upgrades beside it and such as began earlier and were rolled back only now. One that failed and was left as it is does not count.",
        Queries = [new($"sum(increase(upgradewatch_phase_transitions_total{{{Target}, phase=\"rolling-back\"}}[$__range])) / ({BegunOrTakenBack} > 0)", "rolled back", QueryShape.Now)],
        Thresholds = [new(null, "green"), new(0.15, "orange"), new(0.3, "red")],
        NoValue = "no upgrade in this time",
    };

    private static Panel Detect => new()
    {
        Type = "stat",
        Title = "Time to detect",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "s",
        Description = "From the upgrade to its first fail, as it was shown over the time range: the mean of each target's, and of these the mean. Each upgrade weighs as much as the time for which it was shown, until an hour after its end.",
        Queries = [new($"avg(max by (target) (avg_over_time(upgradewatch_time_to_detect_seconds{{{Target}}}[$__range])))", "weighted mean", QueryShape.Now)],
        Thresholds = [new(null, "blue")],
        NoValue = "nothing failed in this time",
    };

    private static Panel Restore => new()
    {
        Type = "stat",
        Title = "Time to restore",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "s",
        Description = "From the roll-back until every SLI was back inside its band, as it was shown over the time range: the mean of each target's, and of these the mean. Each roll-back weighs as much as the time for which it was shown, until an hour after its end.",
        Queries = [new($"avg(max by (target) (avg_over_time(upgradewatch_time_to_restore_seconds{{{Target}}}[$__range])))", "weighted mean", QueryShape.Now)],
        Thresholds = [new(null, "blue")],
        NoValue = "no roll-back in this time",
    };

    private static Panel Targets => new()
    {
        Type = "table",
        Title = "Targets",
        Width = 16,
        Height = 9,
        Options = Shapes.Table(),
        Unit = "none",
        NoValue = "no target is configured",
        Description = "The phase and the verdict of each target, how many of its checklist items are flagged, and between which versions. A click on a target opens its upgrade.",
        Queries =
        [
            new(States.Number($"upgradewatch_upgrade_phase{{{Target}", "phase", "target", States.Phases), "", QueryShape.Table),
            new(States.Number($"upgradewatch_verdict{{{Target}", "status", "target", States.Verdicts), "", QueryShape.Table),
            new($"sum by (target) (max by (target, item) (upgradewatch_checklist_item{{{Target}, status=\"flagged\"}}))", "", QueryShape.Table),
            new($"max by (target, from_version, to_version) (upgradewatch_upgrade_info{{{Target}}})", "", QueryShape.Table),
            new($"max by (target, kind, target_namespace, owner) (upgradewatch_target_info{{{Target}}})", "", QueryShape.Table),
        ],
        Transformations =
        [
            Parts.Merge(),
            .. Parts.Columns(("target", "Target"), ("Value #A", "Phase"), ("Value #B", "Verdict"), ("Value #C", "Flagged items"), ("from_version", "From"), ("to_version", "To"), ("target_namespace", "Namespace"), ("owner", "Owner"), ("kind", "Kind")),
        ],
        Overrides =
        [
            States.Column("Phase", States.Phases),
            States.Column("Verdict", States.Verdicts),
            new("Verdict", false, ("noValue", "no upgrade")),
            new("/Flagged items|From|To|Namespace|Owner/", true, ("noValue", "-")),
            new("Target", false, ("links", Parts.List(new System.Text.Json.Nodes.JsonObject { ["title"] = "Open the upgrade", ["url"] = UpgradeUrl }))),
        ],
    };

    private static Panel Flagged => new()
    {
        Type = "table",
        Title = "Flagged checklist items",
        Width = 8,
        Height = 9,
        Options = Shapes.Table(),
        Unit = "none",
        NoValue = "nothing is flagged",
        Description = "Checklist items of upgrades that are flagged; monitor-metrics is the verdict.",
        Queries = [new($"max by (target, item) (upgradewatch_checklist_item{{{Target}, status=\"flagged\"}} == 1)", "", QueryShape.Table)],
        Transformations = Parts.Columns(("target", "Target"), ("item", "Item")),
        Overrides = [new("Target", false, ("links", Parts.List(new System.Text.Json.Nodes.JsonObject { ["title"] = "Open the upgrade", ["url"] = UpgradeUrl })))],
    };

    private static Panel Phases => new()
    {
        Type = "state-timeline",
        Title = "Phases",
        Width = 24,
        Height = 8,
        Options = Shapes.Timeline(),
        Custom = Shapes.Bars(),
        Unit = "none",
        Description = "The phase of each target over time.",
        Queries = [new(States.Number($"upgradewatch_upgrade_phase{{{Target}", "phase", "target", States.Phases), "{{target}}")],
        Mappings = States.Texts(States.Phases),
        NoValue = "no target is configured",
    };

    private static Panel Verdicts => new()
    {
        Type = "state-timeline",
        Title = "Verdicts",
        Width = 24,
        Height = 8,
        Options = Shapes.Timeline(),
        Custom = Shapes.Bars(),
        Unit = "none",
        Description = "The verdict on each target's upgrade over time; where there is none no upgrade was open.",
        Queries = [new(States.Number($"upgradewatch_verdict{{{Target}", "status", "target", States.Verdicts), "{{target}}")],
        Mappings = States.Texts(States.Verdicts),
        NoValue = "no upgrade in this time",
    };
}
