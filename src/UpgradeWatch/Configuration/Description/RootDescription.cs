using UpgradeWatch.Configuration.Shapes;
using UpgradeWatch.Connectors.Kubernetes;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes the whole configuration.</summary>
internal static class RootDescription
{
    private static readonly MappingShape<InstanceOptions> Instance = new(
        new InstanceOptions(),
        new Key<InstanceOptions, IReadOnlyDictionary<string, string>>("labels", new DictionaryShape("label", Names.Label, _ => null), (options, value) => options with { Labels = value },
            "Labels put on verdicts, alerts and annotations, for instance cluster and environment. Left out: none."),
        new Key<InstanceOptions, Uri>("url", new UrlShape("https://upgradewatch.example.com"), (options, value) => options with { Url = value },
            "Where people reach this UpgradeWatch: links to reports begin with it. Left out: the first address it listens on."),
        new Key<InstanceOptions, Uri>("grafanaUrl", new UrlShape("https://grafana.example.com"), (options, value) => options with { GrafanaUrl = value },
            "Where people open Grafana: links to dashboards begin with it. Left out: grafana.url."),
        new Key<InstanceOptions, Uri>("runbookUrl", new UrlShape("https://wiki.example.com/upgradewatch"), (options, value) => options with { RunbookUrl = value },
            "A page with a heading for each alert, to which alerts lead. Left out: README.md, whose operations part has them."));

    /// <summary>The shape of the whole. The order matters: targets are laid over what holds for all.</summary>
    public static MappingShape<UpgradeWatchOptions> Shape { get; } = new(
        new UpgradeWatchOptions(),
        new Key<UpgradeWatchOptions, PrometheusSection>("prometheus", PrometheusDescription.Shape, (options, value) => options with { Prometheus = value.Endpoint, GrafanaDatasource = value.GrafanaDatasource },
            "The Prometheus (or Mimir, Thanos, VictoriaMetrics) that is asked. Left out: every target needs scrape.url."),
        new Key<UpgradeWatchOptions, GrafanaSection>("grafana", GrafanaDescription.Shape, (options, value) => options with { Grafana = value.Endpoint, IncidentTags = value.IncidentTags, Annotations = value.Annotations },
            "The Grafana that gets annotations, and whose annotations tell of incidents. Left out: none."),
        new Key<UpgradeWatchOptions, AlertmanagerSection>("alertmanager", AlertingDescription.Alertmanager, (options, value) => options with { Alertmanager = value },
            "The Alertmanager that gets alerts and silences. Left out: none."),
        new Key<UpgradeWatchOptions, AlertOptions>("alerts", AlertingDescription.Alerts, (options, value) => options with { Alerts = value },
            "What is sent as alerts."),
        new Key<UpgradeWatchOptions, SilenceOptions>("silences", AlertingDescription.Silences, (options, value) => options with { Silences = value },
            "Whether alerts are silenced while an upgrade makes them. Left out: none are."),
        new Key<UpgradeWatchOptions, KubernetesOptions>("kubernetes", KubernetesDescription.Shape, (options, value) => options with { Kubernetes = value },
            "The cluster whose roll-outs open and move upgrades by themselves, and whose pods are looked at; may be empty. Left out: none is watched."),
        new Key<UpgradeWatchOptions, InstanceOptions>("instance", Instance, (options, value) => options with { Instance = value },
            "What tells this UpgradeWatch from others."),
        new Key<UpgradeWatchOptions, StorageOptions>("storage", StorageDescription.Shape, (options, value) => options with { Storage = value },
            "Where the state is kept."),
        new Key<UpgradeWatchOptions, EvaluationOptions>("evaluation", EvaluationDescription.Global, (options, value) => options with { Evaluation = value },
            "How often and how far it looks. Seconds may have fractions."),
        new Key<UpgradeWatchOptions, AuthOptions>("auth", AuthDescription.Shape, (options, value) => options with { Auth = value },
            "Who may use the API."),
        new Key<UpgradeWatchOptions, ChecklistOptions>("checklist", ChecklistDescription.Shape, (options, value) => options with { Checklist = value },
            "How the built-in checklist is tailored."),
        new Key<UpgradeWatchOptions, IReadOnlyList<TargetOptions>>("targets", options => TargetDescription.List(options.Evaluation, options.Prometheus is not null), (options, value) => options with { Targets = value },
            "What is watched."))
    {
        Refused = NotYet.Keys("loki", "notifications", "probes", "requirements", "environments", "databaseChecks"),
        Finish = (options, map, path, context) => KubernetesDescription.Finish(PrometheusDescription.Finish(AlertingDescription.Finish(options, map, path, context), map, path, context), map, path, context),
    };
}
