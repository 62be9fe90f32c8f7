using Prometheus;
using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Telemetry;

/// <summary>Counts what changes, from the events.</summary>
internal sealed class ChangeCounters
{
    private readonly HashSet<string> _targets;
    private readonly Counter _phases, _findings, _verdicts;

    /// <summary>Makes them in a registry, all at 0: a first event would otherwise not be seen as an increase.</summary>
    public ChangeCounters(MetricFactory metrics, UpgradeService upgrades, EngineOptions options)
    {
        _phases = metrics.CreateCounter("upgradewatch_phase_transitions_total", "Phases that upgrades of a target began.", "target", "phase");
        _findings = metrics.CreateCounter("upgradewatch_findings_total", "Findings of a target's SLIs that changed to a state.", "target", "status");
        _verdicts = metrics.CreateCounter("upgradewatch_verdicts_total", "Verdicts on a target's upgrades that changed to a state.", "target", "status");
        _targets = [.. options.Targets.Take(UpgradeMetrics.MostTargets).Select(t => t.Name)];
        foreach (var target in _targets)
        {
            foreach (var phase in PhaseNames.All) _phases.WithLabels(target, phase);
            foreach (var status in VerdictNames.Statuses)
            {
                _findings.WithLabels(target, status);
                _verdicts.WithLabels(target, status);
            }
        }

        upgrades.Published += Count;
    }

    private void Count(EngineEvent happened)
    {
        if (!_targets.Contains(happened.Target)) return;
        switch (happened.Type)
        {
            case "phase" when PhaseNames.TryParse(happened.State, out _):
                _phases.WithLabels(happened.Target, happened.State).Inc();
                break;
            case "finding" when VerdictNames.Statuses.Contains(happened.State):
                _findings.WithLabels(happened.Target, happened.State).Inc();
                break;
            case "verdict" when VerdictNames.Statuses.Contains(happened.State):
                _verdicts.WithLabels(happened.Target, happened.State).Inc();
                break;
        }
    }
}
