using Prometheus;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;
using UpgradeWatch.Engine.Watches;

namespace UpgradeWatch.Telemetry;

/// <summary>What is exposed about targets and their newest upgrades: all of it is set anew before it is collected.</summary>
internal sealed class UpgradeMetrics
{
    /// <summary>Most targets that are exposed.</summary>
    public const int MostTargets = 50;

    /// <summary>Most SLIs of a target that are exposed.</summary>
    public const int MostSlis = 100;

    private const string NoPhase = "none";

    // After it closes an upgrade stays visible for a while, so that a scrape does not miss how it ended.
    private static readonly TimeSpan Afterglow = TimeSpan.FromHours(1);
    private static readonly string[] Phases = [NoPhase, .. PhaseNames.All];

    private readonly UpgradeService _upgrades;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly SliMetrics _slis;
    private readonly GaugeFamily _target, _links, _upgrade, _phase, _phaseStart, _phaseEnd, _verdict, _item, _detect, _restore, _dropped;

    /// <summary>Makes them in a registry.</summary>
    public UpgradeMetrics(MetricFactory metrics, UpgradeService upgrades, EngineOptions options, TimeProvider time)
    {
        (_upgrades, _options, _time, _slis) = (upgrades, options, time, new SliMetrics(metrics));
        _target = new(metrics, "upgradewatch_target_info", "The configured targets.", "target", "kind", "target_namespace", "cluster", "environment", "owner");
        _links = new(metrics, "upgradewatch_links_info", "Where people find what concerns a target: its dashboard, the API with its reports, the runbook.", "target", "dashboard", "api", "runbook");
        _upgrade = new(metrics, "upgradewatch_upgrade_info", "The newest upgrade of a target.", "target", "upgrade", "from_version", "to_version");
        _phase = new(metrics, "upgradewatch_upgrade_phase", "1 for the phase the target's upgrade is in, 0 for the others.", "target", "phase");
        _phaseStart = new(metrics, "upgradewatch_upgrade_phase_start_timestamp_seconds", "When each phase of the target's upgrade began.", "target", "phase");
        _phaseEnd = new(metrics, "upgradewatch_upgrade_phase_planned_end_timestamp_seconds", "When a phase of the target's upgrade is planned to end.", "target", "phase");
        _verdict = new(metrics, "upgradewatch_verdict", "1 for the verdict on the target's upgrade, 0 for the others.", "target", "status");
        _item = new(metrics, "upgradewatch_checklist_item", "1 for the state of a checklist item, 0 for the others.", "target", "item", "status");
        _detect = new(metrics, "upgradewatch_time_to_detect_seconds", "Time from the upgrade to its first fail.", "target");
        _restore = new(metrics, "upgradewatch_time_to_restore_seconds", "Time from the roll-back until every SLI was back inside its band.", "target");
        _dropped = new(metrics, "upgradewatch_dropped_series", "Targets and SLIs that are not exposed because there are too many.", "kind");
    }

    private IEnumerable<GaugeFamily> All => [_target, _links, _upgrade, _phase, _phaseStart, _phaseEnd, _verdict, _item, _detect, _restore, _dropped];

    /// <summary>Sets everything to what holds now.</summary>
    public void Update()
    {
        var dropped = 0;
        // Of several instances the active one shows them, or everything would be there twice.
        foreach (var target in _options.Targets.Where(target => _upgrades.Owns(target.Name)).Take(MostTargets))
        {
            Set(target);
            var upgrade = _upgrades.Newest(target.Name) is { } newest && IsShown(newest) ? _upgrades.AsShown(newest) : null;
            _phase.SetState(Phases, upgrade?.Phase.ToText() ?? NoPhase, target.Name);
            if (upgrade is null) continue;
            Set(upgrade);
            dropped += _slis.Set(upgrade, MostSlis);
        }

        _dropped.Set(Math.Max(0, _options.Targets.Count - MostTargets), "target");
        _dropped.Set(dropped, "sli");
        foreach (var family in All) family.Sweep();
        _slis.Sweep();
    }

    private bool IsShown(Upgrade upgrade) => upgrade.IsOpen || _time.GetUtcNow() < upgrade.History[^1].RecordedAt + Afterglow;

    private void Set(TargetOptions target)
    {
        var instance = _options.Instance;
        _target.Set(
            1,
            target.Name,
            target.Kind.ToString().ToLowerInvariant(),
            target.Labels.GetValueOrDefault("namespace", ""),
            instance.Labels.GetValueOrDefault("cluster", ""),
            instance.Labels.GetValueOrDefault("environment", ""),
            target.Owner ?? "");
        _links.Set(1, target.Name, instance.DashboardOf(target.Name) ?? "", instance.Url?.AbsoluteUri.TrimEnd('/') ?? "", instance.Runbook);
    }

    private void Set(Upgrade upgrade)
    {
        var target = upgrade.Target;
        _upgrade.Set(1, target, upgrade.Id, upgrade.FromVersion ?? "", upgrade.ToVersion);
        _verdict.SetState(VerdictNames.Statuses, upgrade.Verdict.Status.ToText(), target);
        foreach (var entry in upgrade.History) _phaseStart.Set(Seconds(entry.At), target, entry.Phase.ToText());
        _phaseEnd.Set(Seconds(upgrade.PlannedDowntime?.Until), target, Phase.Upgrading.ToText());
        // Kept open for low traffic it ends later, and with its verdict it has ended, whatever the phase.
        _phaseEnd.Set(upgrade.Verdict.Final ? null : Seconds(WindowRules.ReadUntil(upgrade, extended: true)), target, Phase.PostUpgrade.ToText());
        foreach (var item in upgrade.Checklist) _item.SetState(ItemStatusNames.All, item.Status.ToText(), target, item.Id);
        _detect.Set(upgrade.TimeToDetectSeconds, target);
        _restore.Set(upgrade.TimeToRestoreSeconds, target);
    }

    private static double? Seconds(DateTimeOffset? at) => at is { } time ? time.ToUnixTimeMilliseconds() / 1000.0 : null;
}
