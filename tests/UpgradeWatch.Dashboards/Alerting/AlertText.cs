using System.Text.RegularExpressions;

namespace UpgradeWatch.Dashboards.Alerting;

/// <summary>
/// The texts of alerts: <c>&lt;target&gt;</c> is a label, <c>&lt;value humanize&gt;</c> the value through a function of
/// the templates, and <c>&lt;with worst&gt;…&lt;end&gt;</c> stands only where that detail has a series, whose labels and
/// value are then meant.
/// </summary>
internal static partial class AlertText
{
    /// <summary>As a template of Prometheus.</summary>
    public static string ForPrometheus(string text, Alert alert) => Render(
        text,
        label => "{{ $labels." + label + " }}",
        function => "{{ $value | " + function + " }}",
        name => Begin(alert.Details.Single(detail => detail.Name == name)),
        detail => detail.IsJoined ? "{{ end }}{{ end }}" : "{{ end }}",
        alert);

    /// <summary>As a template of Grafana: there the value of the alert is that of its query B.</summary>
    public static string ForGrafana(string text, Alert alert) => Render(
        text,
        label => "{{ $labels." + label + " }}",
        function => "{{ " + function + " $values.B.Value }}",
        name => "{{ with index $values \"" + alert.Details.Single(detail => detail.Name == name).RefId + "\" }}{{ if .Labels }}",
        _ => "{{ end }}{{ end }}",
        alert);

    private static string Begin(Detail detail) =>
        "{{ range query `" + PromQl.OneLine(detail.Expression) + "` }}"
        + (detail.IsJoined ? "{{ if and (eq .Labels.job $labels.job) (eq .Labels.target $labels.target) }}" : "");

    private static string Render(
        string text, Func<string, string> label, Func<string, string> value, Func<string, string> begin, Func<Detail, string> end, Alert alert)
    {
        Detail? within = null;
        return Placeholder().Replace(text, found =>
        {
            var words = found.Groups[1].Value.Split(' ');
            switch (words)
            {
                case ["with", var name]:
                    within = alert.Details.Single(detail => detail.Name == name);
                    return begin(name);
                case ["end"]:
                    var ended = end(within!);
                    within = null;
                    return ended;
                case ["value", var function]:
                    return within is null ? value(function) : "{{ " + function + " .Value }}";
                default:
                    return within is null ? label(words[0]) : "{{ .Labels." + words[0] + " }}";
            }
        });
    }

    [GeneratedRegex("<([a-z_]+(?: [A-Za-z]+)?)>")]
    private static partial Regex Placeholder();
}
