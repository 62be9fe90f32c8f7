using UpgradeWatch.Connectors.Grafana;

namespace UpgradeWatch.Cli.Live;

/// <summary>What everything that a configuration names gave when it was really asked.</summary>
/// <param name="Grafana">How Grafana is; null when none is configured.</param>
/// <param name="Alertmanagers">How each Alertmanager is.</param>
/// <param name="Targets">What each target gave.</param>
internal sealed record LiveResult(GrafanaState? Grafana, IReadOnlyList<LiveAlertmanager> Alertmanagers, IReadOnlyList<LiveTarget> Targets)
{
    /// <summary>Whether nothing is missing.</summary>
    public bool IsGood => Grafana?.Problem is null && Alertmanagers.All(one => one.Problem is null) && !Targets.Any(target => target.IsMissing);
}

/// <summary>How an Alertmanager is.</summary>
/// <param name="Name">Which one.</param>
/// <param name="Version">Its version; null when it does not tell.</param>
/// <param name="Problem">What is missing, as a sentence; null when nothing is.</param>
internal sealed record LiveAlertmanager(string Name, string? Version, string? Problem);
