using Prometheus;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Telemetry;

/// <summary>What is exposed about the SLIs of an upgrade.</summary>
internal sealed class SliMetrics
{
    private readonly GaugeFamily _value, _expected, _lower, _upper, _change, _probability, _status, _finding;

    /// <summary>Makes them in a registry.</summary>
    public SliMetrics(MetricFactory metrics)
    {
        string[] labels = ["target", "sli", "unit"];
        _value = new(metrics, "upgradewatch_sli_value", "The value of an SLI now, in its unit.", labels);
        _expected = new(metrics, "upgradewatch_sli_expected", "The value of an SLI before the upgrade, in its unit.", labels);
        _lower = new(metrics, "upgradewatch_sli_expected_lower", "Lower end of what is expected of an SLI, in its unit.", labels);
        _upper = new(metrics, "upgradewatch_sli_expected_upper", "Upper end of what is expected of an SLI, in its unit.", labels);
        _change = new(metrics, "upgradewatch_sli_change_ratio", "Value of an SLI since the upgrade over the one before it.", labels);
        _probability = new(metrics, "upgradewatch_sli_p_value", "Probability of such a change by chance, 0 to 1.", labels);
        _status = new(metrics, "upgradewatch_sli_status", "1 for the state of an SLI's finding, 0 for the others.", "target", "sli", "status");
        _finding = new(metrics, "upgradewatch_finding_info", "The finding of an SLI with its reason in one word.", "target", "sli", "status", "code");
    }

    private IEnumerable<GaugeFamily> All => [_value, _expected, _lower, _upper, _change, _probability, _status, _finding];

    /// <summary>Sets the findings of an upgrade; returns how many were too many.</summary>
    public int Set(Upgrade upgrade, int most)
    {
        var findings = upgrade.Verdict.Findings;
        foreach (var finding in findings.Take(most)) Set(upgrade.Target, finding);
        return Math.Max(0, findings.Count - most);
    }

    /// <summary>Takes away what was not set since the last sweep.</summary>
    public void Sweep()
    {
        foreach (var family in All) family.Sweep();
    }

    private void Set(string target, Finding finding)
    {
        var result = finding.Result;
        string[] labels = [target, finding.Sli, finding.Unit];
        _value.Set(result.Current, labels);
        _expected.Set(result.Baseline, labels);
        _lower.Set(result.ExpectedLower, labels);
        _upper.Set(result.ExpectedUpper, labels);
        _change.Set(result.ChangeRatio, labels);
        _probability.Set(result.PValue, labels);
        _status.SetState(VerdictNames.Statuses, Shown(finding).ToText(), target, finding.Sli);
        _finding.Set(1, target, finding.Sli, result.Status.ToText(), finding.Code);
    }

    // An alert on what fails resolves when somebody has said that it is known; that it is well nobody has said.
    private static FindingStatus Shown(Finding finding) =>
        finding is { Acknowledged: not null, Result.Status: FindingStatus.Fail } ? FindingStatus.Warn : finding.Result.Status;
}
