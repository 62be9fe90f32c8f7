using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Connectors.Kubernetes;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Configuration;

/// <summary>The whole configuration (<c>upgradewatch.yaml</c>), checked.</summary>
internal sealed record UpgradeWatchOptions
{
    /// <summary>Where metrics are asked for; null: every target is scraped directly.</summary>
    public EndpointOptions? Prometheus { get; init; }

    /// <summary>Uid or name of Grafana's data source through which Prometheus is asked, at Grafana's address; null for directly.</summary>
    public string? GrafanaDatasource { get; init; }

    /// <summary>Where annotations go; null for nowhere.</summary>
    public EndpointOptions? Grafana { get; init; }

    /// <summary>Tags of Grafana's annotations that mark incidents; empty for none.</summary>
    public IReadOnlyList<string> IncidentTags { get; init; } = GrafanaSection.UsualTags;

    /// <summary>What is written into Grafana.</summary>
    public AnnotationOptions Annotations { get; init; } = new();

    /// <summary>Where alerts and silences go; null for nowhere.</summary>
    public AlertmanagerSection? Alertmanager { get; init; }

    /// <summary>What is sent as alerts.</summary>
    public AlertOptions Alerts { get; init; } = new();

    /// <summary>What is silenced.</summary>
    public SilenceOptions Silences { get; init; } = new();

    /// <summary>The cluster that is watched; null for none.</summary>
    public KubernetesOptions? Kubernetes { get; init; }

    /// <summary>What tells this UpgradeWatch from others.</summary>
    public InstanceOptions Instance { get; init; } = new();

    /// <summary>Where the state is kept.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>How often and how far it looks, for targets that do not say otherwise.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>What is watched; each with its own evaluation settings laid over the global ones.</summary>
    public IReadOnlyList<TargetOptions> Targets { get; init; } = [];

    /// <summary>Who may use the API.</summary>
    public AuthOptions Auth { get; init; } = new();

    /// <summary>How the built-in checklist is tailored.</summary>
    public ChecklistOptions Checklist { get; init; } = new();
}
