using System.Text;

namespace UpgradeWatch.Dashboards.Alerting;

/// <summary>Writes the alerts as rules of Prometheus.</summary>
internal static class PrometheusRules
{
    /// <summary>The file.</summary>
    public static string Write(IReadOnlyList<Alert> alerts)
    {
        var yaml = new StringBuilder();
        yaml.Line(0, "# Written by tests/UpgradeWatch.Dashboards from the same description as grafana-rules.yaml; change it there.");
        yaml.Line(0, "# Rules of Prometheus 2.42 or later, evaluated as often as its evaluation_interval says (30s or less is best).");
        yaml.Line(0, "groups:");
        yaml.Line(2, "- name: upgradewatch");
        yaml.Line(4, "rules:");
        foreach (var alert in alerts) Write(yaml, alert);
        return yaml.ToString();
    }

    private static void Write(StringBuilder yaml, Alert alert)
    {
        yaml.Line(6, $"- alert: {alert.Name}");
        yaml.Line(8, $"expr: {RuleTexts.Block(alert.Expression, 10)}");
        if (alert.For != "0s") yaml.Line(8, $"for: {alert.For}");
        yaml.Line(8, "labels:");
        yaml.Line(10, $"severity: {RuleTexts.Quoted(alert.Severity)}");
        yaml.Line(10, "source: upgradewatch");
        yaml.Line(8, "annotations:");
        foreach (var (name, text) in RuleTexts.Annotations(alert))
            yaml.Line(10, $"{name}: {RuleTexts.Quoted(AlertText.ForPrometheus(text, alert))}");
    }
}
