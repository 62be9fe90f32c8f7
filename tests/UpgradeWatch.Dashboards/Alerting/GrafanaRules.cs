using System.Text;

namespace UpgradeWatch.Dashboards.Alerting;

/// <summary>Writes the alerts as rules that Grafana (9.4 and later) evaluates, in its provisioning format.</summary>
internal static class GrafanaRules
{
    /// <summary>The uid of the data source, as the data sources beside it name it.</summary>
    public const string DataSource = "upgradewatch-prometheus";

    private const string Expression = "__expr__";

    /// <summary>The file.</summary>
    /// <param name="alerts">The alerts.</param>
    /// <param name="panels">Dashboard and panel of each panel's title.</param>
    public static string Write(IReadOnlyList<Alert> alerts, IReadOnlyDictionary<string, (string Dashboard, int Panel)> panels)
    {
        var yaml = new StringBuilder();
        yaml.Line(0, "# Written by tests/UpgradeWatch.Dashboards from the same description as prometheus-rules.yaml; change it there.");
        yaml.Line(0, "# For Grafana 9.4 or later, in provisioning/alerting. Use these rules or those for Prometheus, not both.");
        yaml.Line(0, $"# The data source has the uid \"{DataSource}\"; replace it throughout when yours has another.");
        yaml.Line(0, "apiVersion: 1");
        yaml.Line(0, "groups:");
        var main = alerts.DistinctBy(alert => alert.Name).ToList();
        Write(yaml, "upgradewatch", "UpgradeWatch alerts", main, panels);
        Write(yaml, "upgradewatch-warnings", "UpgradeWatch warnings", [.. alerts.Except(main)], panels);
        return yaml.ToString();
    }

    // The title is the alert's name, by which the worse of two mutes the other, and it must be unique in a folder.
    private static void Write(StringBuilder yaml, string group, string folder, List<Alert> alerts, IReadOnlyDictionary<string, (string Dashboard, int Panel)> panels)
    {
        yaml.Line(2, "- orgId: 1");
        yaml.Line(4, $"name: {group}");
        yaml.Line(4, $"folder: {folder}");
        yaml.Line(4, "interval: 30s");
        yaml.Line(4, "rules:");
        foreach (var alert in alerts) Write(yaml, alert, panels[alert.Panel]);
    }

    private static void Write(StringBuilder yaml, Alert alert, (string Dashboard, int Panel) panel)
    {
        yaml.Line(6, $"- uid: {alert.Uid}");
        yaml.Line(8, $"title: {alert.Name}");
        yaml.Line(8, "condition: C");
        yaml.Line(8, $"for: {alert.For}");
        yaml.Line(8, "noDataState: OK");
        yaml.Line(8, "execErrState: Error");
        yaml.Line(8, $"dashboardUid: {panel.Dashboard}");
        yaml.Line(8, $"panelId: {panel.Panel}");
        yaml.Line(8, "labels:");
        yaml.Line(10, $"severity: {RuleTexts.Quoted(alert.Severity)}");
        yaml.Line(10, "source: upgradewatch");
        yaml.Line(8, "annotations:");
        foreach (var (name, text) in RuleTexts.Annotations(alert))
            yaml.Line(10, $"{name}: {RuleTexts.Quoted(AlertText.ForGrafana(text, alert))}");
        yaml.Line(8, "data:");
        Query(yaml, "A", alert.Expression);
        Reduce(yaml);
        Threshold(yaml);
        foreach (var detail in alert.Details) Query(yaml, detail.RefId, ForAlert(alert, detail));
    }

    // Grafana gives an alert the values of those queries alone whose labels are the alert's own with more or fewer: so each
    // detail takes the labels of the alert, and its value by adding nothing to it.
    public static string ForAlert(Alert alert, Detail detail) => detail.IsJoined
        ? $"""
            0 * (({alert.Expression}) > bool 0)
            + on (job, target) group_left ({string.Join(", ", detail.Labels)})
            {detail.Expression}
            """
        : detail.Expression;

    private static void Query(StringBuilder yaml, string refId, string expression)
    {
        Begin(yaml, refId, DataSource, "{ from: 600, to: 0 }");
        yaml.Line(14, $"datasource: {{ type: prometheus, uid: {DataSource} }}");
        yaml.Line(14, $"expr: {RuleTexts.Block(expression, 16)}");
        yaml.Line(14, "instant: true");
        yaml.Line(14, "range: false");
        yaml.Line(14, "intervalMs: 15000");
        yaml.Line(14, "maxDataPoints: 43200");
    }

    private static void Reduce(StringBuilder yaml)
    {
        Begin(yaml, "B", Expression, "{ from: 0, to: 0 }");
        yaml.Line(14, "type: reduce");
        yaml.Line(14, $"datasource: {{ type: {Expression}, uid: {Expression} }}");
        yaml.Line(14, "expression: A");
        yaml.Line(14, "reducer: last");
        yaml.Line(14, "settings: { mode: dropNN }");
    }

    // A series is there only while it fires, whatever its value.
    private static void Threshold(StringBuilder yaml)
    {
        Begin(yaml, "C", Expression, "{ from: 0, to: 0 }");
        yaml.Line(14, "type: threshold");
        yaml.Line(14, $"datasource: {{ type: {Expression}, uid: {Expression} }}");
        yaml.Line(14, "expression: B");
        yaml.Line(14, "conditions:");
        yaml.Line(16, "- type: query");
        yaml.Line(18, "evaluator: { type: gt, params: [-1] }");
    }

    private static void Begin(StringBuilder yaml, string refId, string dataSource, string range)
    {
        yaml.Line(10, $"- refId: {refId}");
        yaml.Line(12, $"datasourceUid: {dataSource}");
        yaml.Line(12, $"relativeTimeRange: {range}");
        yaml.Line(12, "model:");
        yaml.Line(14, $"refId: {refId}");
    }
}
