using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Alerts;

/// <summary>
/// Which alerts an upgrade makes, for those who have no rules that do: the same names, severities and conditions as the
/// shipped rules. An alert's labels never change while it fires, so that it pages once.
/// </summary>
public static class AlertRules
{
    /// <summary>Label and value that all alerts of UpgradeWatch have, those of its rules too.</summary>
    public const string SourceLabel = "source", Source = "upgradewatch";

    /// <summary>Label that only those have which UpgradeWatch sends itself.</summary>
    public const string SenderLabel = "sender";

    private const int LongestText = 2000;

    // As long as the metrics show how an upgrade has ended.
    private static readonly TimeSpan Afterglow = TimeSpan.FromHours(1);

    /// <summary>The alerts of an upgrade.</summary>
    /// <param name="upgrade">The newest of its target, as it is read now.</param>
    /// <param name="target">The target.</param>
    /// <param name="instance">Labels and links.</param>
    /// <param name="isBlind">Whether it has been inconclusive for too long.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<WantedAlert> For(Upgrade upgrade, TargetOptions target, InstanceOptions instance, bool isBlind, DateTimeOffset now)
    {
        var verdict = upgrade.Verdict;
        var isWatched = upgrade.Phase is Phase.Upgrading or Phase.PostUpgrade or Phase.RollingBack;
        var hasJustEnded = upgrade.Phase == Phase.Completed && now < upgrade.History[^1].RecordedAt + Afterglow;
        if (verdict.Status == FindingStatus.Fail && (isWatched || hasJustEnded))
        {
            var failing = verdict.Findings.Where(one => one.Acknowledged is null && one.Result.Status == FindingStatus.Fail);
            yield return Make(upgrade, target, instance, "UpgradeAnomaly", "critical", null, verdict.Summary,
                $"Look at the dashboard which SLI it is and since when, then roll back ('upgradewatch rollback --target {target.Name}') or, when it is known and harmless, say so ('upgradewatch ack --target {target.Name} --sli SLI --reason WHY').") with
            {
                Since = failing.Min(one => one.Result.Since) ?? upgrade.UpgradedAt,
            };
        }

        if (!isWatched) yield break;
        foreach (var finding in verdict.Findings.Where(one => one.Acknowledged is null && one.Result.Status == FindingStatus.Warn && AnnotationRules.IsBad(one.Result)))
        {
            yield return Make(upgrade, target, instance, "UpgradeAnomaly", "warning", finding.Sli, finding.Result.Reason,
                $"The SLI may only warn, or the change is not sure enough to fail the upgrade. When it is known, 'upgradewatch ack --target {target.Name} --sli {finding.Sli} --reason WHY'.") with
            {
                Since = finding.Result.Since,
            };
        }

        if (upgrade.Checklist.FirstOrDefault(item => item.Id == ItemIds.HealthCheck && item.Status == ItemStatus.Flagged) is { } health)
        {
            yield return Make(upgrade, target, instance, "UpgradeHealthCheckFailed", "critical", null, health.Finding ?? $"{target.Name} is not healthy during its upgrade to {upgrade.ToVersion}.",
                $"Instances of the target are down or do not stay up, outside its planned downtime. If they do not come up, 'upgradewatch rollback --target {target.Name}'.") with
            {
                Since = health.ChangedAt,
            };
        }

        if (isBlind && upgrade.Phase != Phase.RollingBack)
        {
            yield return Make(upgrade, target, instance, "UpgradeBlind", "warning", null, verdict.Summary,
                $"Nobody can tell whether the upgrade is well. 'upgradewatch status --target {target.Name}' says which SLI misses what; until it is mended, watch the target by hand.");
        }
    }

    private static WantedAlert Make(
        Upgrade upgrade, TargetOptions target, InstanceOptions instance, string name, string severity, string? sli, string summary, string description)
    {
        // What tells alerts apart wins over what people have called their instance.
        var labels = instance.Labels.ToDictionary(label => label.Key, label => label.Value);
        labels["alertname"] = name;
        labels["severity"] = severity;
        labels["target"] = target.Name;
        labels[SourceLabel] = Source;
        labels[SenderLabel] = Source;
        if (sli is not null) labels["sli"] = sli;
        if (target.Labels.TryGetValue("namespace", out var found)) labels["namespace"] = found;
        if (target.Owner is { } owner) labels["owner"] = owner;
        var annotations = new Dictionary<string, string>
        {
            ["summary"] = Cut($"Upgrade of {target.Name} {AnnotationRules.Versions(upgrade)}: {summary}"),
            ["description"] = description,
            ["runbook_url"] = $"{instance.Runbook}#{name.ToLowerInvariant()}",
        };
        if (upgrade.Links.GetValueOrDefault("dashboard") is { } own) annotations["dashboard_url"] = own;
        else if (instance.DashboardOf(target.Name) is { } dashboard) annotations["dashboard_url"] = dashboard;
        // Alertmanager drops labels without a value, and would then know the alert by others than were sent.
        foreach (var (empty, _) in labels.Where(label => label.Value.Length == 0).ToList()) labels.Remove(empty);
        return new WantedAlert(labels, annotations);
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : $"{text[..LongestText]}…";
}
