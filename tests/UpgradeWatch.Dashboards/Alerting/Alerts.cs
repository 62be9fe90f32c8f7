namespace UpgradeWatch.Dashboards.Alerting;

/// <summary>
/// The alerts. Everything is aggregated to job and target first: after a failover another instance shows the same
/// targets, and an alert must not become another one by that, nor a join fail because both are there for a moment.
/// </summary>
internal static class Alerts
{
    /// <summary>Seconds without a look after which UpgradeWatch counts as down.</summary>
    public const int SilentSeconds = 120;

    // Who looks seldom is not down between two looks.
    private static readonly string Limit =
        $"(clamp_min(4 * max by (job) (last_over_time(upgradewatch_evaluation_interval_seconds[1d])), {SilentSeconds})"
        + $" or on (job) 0 * max by (job) (last_over_time(upgradewatch_last_evaluation_timestamp_seconds[1d])) + {SilentSeconds})";

    private const string Known = "transient|recovered|gaps|provisional|acknowledged";

    // The page goes to the team of the target, not to that of UpgradeWatch.
    private const string Team =
        """
        * on (job, target) group_left (namespace, owner, cluster, environment)
        topk by (job, target) (1, label_replace(upgradewatch_target_info, "namespace", "$1", "target_namespace", "(.+)"))
        """;

    private static readonly Detail Links = new("links", "D", "topk by (job, target) (1, last_over_time(upgradewatch_links_info[1d]))", true, "dashboard", "api", "runbook");
    private static readonly Detail AnyLinks = new("links", "D", "topk(1, last_over_time(upgradewatch_links_info[1d]))", false);

    // Of several SLIs that fail the one that has moved farthest, up or down; first one that has no ratio, because it was 0.
    private const string Farthest =
        """
        topk by (job, target) (1,
          abs(ln(max by (job, target, sli) (upgradewatch_sli_change_ratio) and on (job, target, sli) upgradewatch_finding_info{status="fail", code!="acknowledged"}))
          or on (job, target, sli) 1000 * max by (job, target, sli) (upgradewatch_finding_info{status="fail", code!="acknowledged"})
        )
        """;

    private static readonly Detail Worst = new("worst", "E", OfFarthest("round(max by (job, target, sli, unit) (upgradewatch_sli_value), 0.0001)"), true, "sli", "unit");
    private static readonly Detail Before = new("before", "F", OfFarthest("round(max by (job, target, sli) (upgradewatch_sli_expected), 0.0001)"), true);
    private static readonly Detail Times = new("times", "G", OfFarthest("max by (job, target, sli) (upgradewatch_sli_change_ratio)"), true);
    private static readonly Detail Versions = new("versions", "H", "topk by (job, target) (1, upgradewatch_upgrade_info)", true, "from_version", "to_version");

    /// <summary>All of them, in the order of the files.</summary>
    public static IReadOnlyList<Alert> All { get; } = [Failed, Warned, Unhealthy, Stuck, Blind, InProgress, Down, Watchdog];

    private static string OfFarthest(string value) => $"topk by (job, target) (1, {value} and on (job, target, sli) {Farthest})";

    private static Alert Failed => new()
    {
        Name = "UpgradeAnomaly",
        Uid = "uw-anomaly-critical",
        Severity = "critical",
        Expression = $$"""
            (
              (
                count by (job, target) (upgradewatch_finding_info{status="fail", code!="acknowledged"})
                or max by (job, target) (upgradewatch_verdict{status="fail"})
              )
              and on (job, target) max by (job, target) (upgradewatch_verdict{status="fail"}) == 1
              and on (job, target) max by (job, target) (upgradewatch_upgrade_phase{phase=~"upgrading|post-upgrade|rolling-back|completed"}) == 1
            )
            {{Team}}
            """,
        Summary = "Upgrade of <target><with versions> to <to_version><end> has failed its check: <value humanize> of its SLIs out of band<with worst>, the worst is <sli>, now <value print> <unit><end><with before>, before <value print><end><with times>, <value humanize> times as much<end>.",
        Description = "What the target's own metrics show since the upgrade does not fit what they showed before it. Look at the dashboard which SLI it is and since when, then roll back ('upgradewatch rollback --target <target>') or, when it is known and harmless, say so ('upgradewatch ack --target <target> --sli SLI --reason WHY'). It resolves when the roll-back is done, and otherwise an hour after the upgrade was completed.",
        Details = [Links, Worst, Before, Times, Versions],
        Panel = "Verdict",
    };

    private static Alert Warned => new()
    {
        Name = "UpgradeAnomaly",
        Uid = "uw-anomaly-warning",
        Severity = "warning",
        Expression = $$"""
            (
              (
                (
                  max by (job, target, sli) (upgradewatch_sli_change_ratio)
                  and on (job, target, sli) upgradewatch_finding_info{status="warn", code!~"{{Known}}"}
                )
                or 0 * max by (job, target, sli) (upgradewatch_finding_info{status="warn", code!~"{{Known}}"})
              )
              and on (job, target) max by (job, target) (upgradewatch_upgrade_phase{phase=~"upgrading|post-upgrade|rolling-back"}) == 1
              unless on (job, target) max by (job, target) (upgradewatch_verdict{status="fail"}) == 1
            )
            {{Team}}
            """,
        Summary = "<sli> of <target> has changed since the upgrade<with versions> to <to_version><end>: <value humanize> times what is expected (0: there is no ratio).",
        Description = "The change stands out, but the SLI may only warn or the change is not sure enough to fail the upgrade. Look at it on the dashboard before the observation window ends; when it is known, 'upgradewatch ack --target <target> --sli <sli> --reason WHY'.",
        Details = [Links, Versions],
        Panel = "Findings",
    };

    private static Alert Unhealthy => new()
    {
        Name = "UpgradeHealthCheckFailed",
        Uid = "uw-health-check",
        Severity = "critical",
        For = "1m",
        Expression = $$"""
            (
              max by (job, target) (upgradewatch_checklist_item{item="health-check", status="flagged"}) == 1
              and on (job, target) max by (job, target) (upgradewatch_upgrade_phase{phase=~"upgrading|post-upgrade|rolling-back"}) == 1
            )
            {{Team}}
            """,
        Summary = "<target> is not healthy during its upgrade<with versions> to <to_version><end>: the checklist item health-check is flagged (<value humanize>).",
        Description = "Instances of the target are down or do not stay up, outside its planned downtime. Look at its pods or processes and their last words; if they do not come up, 'upgradewatch rollback --target <target>'.",
        Details = [Links, Versions],
        Panel = "Checklist",
    };

    private static Alert Stuck => new()
    {
        Name = "UpgradeStuck",
        Uid = "uw-stuck",
        Severity = "warning",
        Expression = $$"""
            (
              (
                time() - max by (job, target, phase) (upgradewatch_upgrade_phase_planned_end_timestamp_seconds{phase="upgrading"}) > 300
                or time() - max by (job, target, phase) (upgradewatch_upgrade_phase_planned_end_timestamp_seconds{phase="post-upgrade"}) > 1200
                or (
                  time() - max by (job, target, phase) (upgradewatch_upgrade_phase_start_timestamp_seconds{phase=~"upgrading|rolling-back"}) > 3600
                  unless on (job, target, phase) upgradewatch_upgrade_phase_planned_end_timestamp_seconds
                )
              )
              and on (job, target, phase) max by (job, target, phase) (upgradewatch_upgrade_phase) == 1
            )
            {{Team}}
            """,
        Summary = "Upgrade of <target><with versions> to <to_version><end> is still <phase>, <value humanizeDuration> after it should have gone on.",
        Description = "The planned downtime is over by 5 min, the observation window by 20 min, or a phase without a plan has lasted for an hour (then the time is that of the phase). Ask whoever upgrades (the owner is on the dashboard), and tell UpgradeWatch how it went: 'upgradewatch advance', 'rollback' or 'abort --target <target>'.",
        Details = [Links, Versions],
        Panel = "Phases",
    };

    private static Alert Blind => new()
    {
        Name = "UpgradeBlind",
        Uid = "uw-blind",
        Severity = "warning",
        For = "10m",
        Expression = $$"""
            (
              max by (job, target) (upgradewatch_verdict{status="inconclusive"}) == 1
              and on (job, target) max by (job, target) (upgradewatch_upgrade_phase{phase=~"upgrading|post-upgrade"}) == 1
            )
            {{Team}}
            """,
        Summary = "Nobody can tell whether the upgrade of <target><with versions> to <to_version><end> is well: its verdict has been inconclusive for 10 min (<value humanize>).",
        Description = "UpgradeWatch cannot look, or what it looks at has no data. 'upgradewatch status --target <target>' says which SLI misses what, /api/v1/status whether Prometheus answers. Until it is mended, watch the target by hand; the window waits for at most 15 min.",
        Details = [Links, Versions],
        Panel = "Findings",
    };

    private static Alert InProgress => new()
    {
        Name = "UpgradeInProgress",
        Uid = "uw-in-progress",
        Severity = "info",
        Expression = $$"""
            (
              max by (job, target) (upgradewatch_upgrade_phase{phase=~"upgrading|post-upgrade|rolling-back"}) == 1
            )
            {{Team}}
            """,
        Summary = "<target> is being upgraded<with versions> to <to_version><end> (<value humanize>).",
        Description = "Context for other alerts of the same namespace: nothing has to be done. Route severity info nowhere, or mute it by InfoInhibitor until something is wrong.",
        Details = [Links, Versions],
        Panel = "Phases",
    };

    private static Alert Down => new()
    {
        Name = "UpgradeWatchDown",
        Uid = "uw-down",
        Severity = "critical",
        // A time of 0 says that it has not looked yet: for that it has as long as for any other look.
        Expression = $$"""
            (time() - (max by (job) (last_over_time(upgradewatch_last_evaluation_timestamp_seconds[1d])) > 0) > on (job) {{Limit}})
            or {{SilentSeconds}} + (max by (job) (max_over_time(upgradewatch_last_evaluation_timestamp_seconds[{{SilentSeconds}}s])) == 0)
              and on (job) max by (job) (present_over_time(upgradewatch_last_evaluation_timestamp_seconds[1d] offset {{SilentSeconds}}s))
            or 86400 * absent_over_time(upgradewatch_last_evaluation_timestamp_seconds[1d])
            """,
        Summary = "UpgradeWatch has not looked at anything for <value humanizeDuration>: no upgrade is being watched.",
        Description = "Its process is gone, cannot be scraped, or no instance is active on its store. Look at its log and at /readyz and /api/v1/status. Until it is back, watch upgrades by hand; verdicts answer stale, and the silences it holds lapse by themselves.",
        Details = [AnyLinks],
        Panel = "Last look",
    };

    private static Alert Watchdog => new()
    {
        Name = "UpgradeWatchWatchdog",
        Uid = "uw-watchdog",
        Severity = "none",
        // A clock that is ahead must not make it silent.
        Expression = $"clamp_min(time() - max by (job) (upgradewatch_last_evaluation_timestamp_seconds), 0) <= on (job) {Limit}",
        Summary = "UpgradeWatch looks (last <value humanizeDuration> ago): this alert fires for ever.",
        Description = "A dead man's switch: it goes from UpgradeWatch through Prometheus and Alertmanager to a receiver that tells when it no longer hears it. Route it there and nowhere else.",
        Details = [AnyLinks],
        Panel = "Last look",
    };
}
