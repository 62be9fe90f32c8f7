using UpgradeWatch.Connectors.Grafana;

namespace UpgradeWatch.Cli.Live;

/// <summary>What everything that a configuration names gave when it was really asked.</summary>
/// <param name="Grafana">How Grafana is; null when none is configured.</param>
/// <param name="Alertmanagers">How each Alertmanager is.</param>
/// <param name="Kubernetes">How the cluster is; null when none is configured.</param>
/// <param name="Targets">What each target gave.</param>
internal sealed record LiveResult(GrafanaState? Grafana, IReadOnlyList<LiveAlertmanager> Alertmanagers, LiveCluster? Kubernetes, IReadOnlyList<LiveTarget> Targets)
{
    /// <summary>Whether nothing is missing.</summary>
    public bool IsGood => Grafana?.Problem is null && Alertmanagers.All(one => one.Problem is null) && Kubernetes?.Problems.Count is null or 0 && !Targets.Any(target => target.IsMissing);
}

/// <summary>How the cluster is.</summary>
/// <param name="Problems">What is missing, as sentences.</param>
/// <param name="Notes">What is worth knowing, as sentences.</param>
/// <param name="Workloads">The workloads of each target with what they run, as sentences.</param>
internal sealed record LiveCluster(IReadOnlyList<string> Problems, IReadOnlyList<string> Notes, IReadOnlyDictionary<string, IReadOnlyList<string>> Workloads);

/// <summary>How an Alertmanager is.</summary>
/// <param name="Name">Which one.</param>
/// <param name="Version">Its version; null when it does not tell.</param>
/// <param name="Problem">What is missing, as a sentence; null when nothing is.</param>
internal sealed record LiveAlertmanager(string Name, string? Version, string? Problem);
