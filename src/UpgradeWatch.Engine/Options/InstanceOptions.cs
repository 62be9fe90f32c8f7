namespace UpgradeWatch.Engine.Options;

/// <summary>What tells this UpgradeWatch from others (<c>instance</c>), and where people find what it speaks of.</summary>
public sealed record InstanceOptions
{
    /// <summary>Labels put on verdicts, alerts and annotations, for instance <c>cluster</c> and <c>environment</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Where people reach this UpgradeWatch; null when only its own machine can.</summary>
    public Uri? Url { get; init; }

    /// <summary>Where people open Grafana; null when there is none.</summary>
    public Uri? GrafanaUrl { get; init; }

    /// <summary>A page with a heading for each alert; null for the README.</summary>
    public Uri? RunbookUrl { get; init; }

    /// <summary>The shipped dashboard of a target's upgrade; null without Grafana.</summary>
    public string? DashboardOf(string target) =>
        GrafanaUrl is { } grafana ? $"{grafana.AbsoluteUri.TrimEnd('/')}/d/upgradewatch-upgrade?var-target={Uri.EscapeDataString(target)}" : null;

    /// <summary>The runbook, to which <c>#</c> and the alert's name in small letters are added.</summary>
    public string Runbook => RunbookUrl?.AbsoluteUri ?? "README.md";
}
