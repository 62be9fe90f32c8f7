using System.Globalization;
using System.Text;

namespace UpgradeWatch.TestKit.Prometheus;

/// <summary>Writes the configuration file of Prometheus.</summary>
internal static class PrometheusConfig
{
    public static string Write(IReadOnlyList<ScrapeJob> jobs, Alerting? alerting)
    {
        var yaml = new StringBuilder("global:\n  scrape_interval: 1m\n");
        if (alerting is not null)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  evaluation_interval: {alerting.Interval.TotalMilliseconds:0}ms\n");
            yaml.Append(CultureInfo.InvariantCulture, $"rule_files: [{Quote(alerting.RuleFile)}]\n");
            yaml.Append(CultureInfo.InvariantCulture, $"alerting: {{ alertmanagers: [{{ static_configs: [{{ targets: [{string.Join(", ", alerting.Alertmanagers.Select(Quote))}] }}] }}] }}\n");
        }

        yaml.Append(jobs.Count == 0 ? "scrape_configs: []\n" : "scrape_configs:\n");
        foreach (var job in jobs)
        {
            Append(yaml, job);
        }

        return yaml.ToString();
    }

    private static void Append(StringBuilder yaml, ScrapeJob job)
    {
        var interval = string.Create(CultureInfo.InvariantCulture, $"{job.Interval.TotalMilliseconds:0}ms");
        yaml.Append(CultureInfo.InvariantCulture, $"""
              - job_name: {Quote(job.Name)}
                scrape_interval: {interval}
                scrape_timeout: {interval}
                metrics_path: {Quote(job.MetricsPath)}
                honor_labels: {(job.HonorLabels ? "true" : "false")}
                static_configs:
                  - targets: [{string.Join(", ", job.Targets.Select(Quote))}]
                    labels: {"{"}{string.Join(", ", job.Labels.Select(label => $"{Quote(label.Key)}: {Quote(label.Value)}"))}{"}"}

            """);
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
