using UpgradeWatch.Engine.Alerts;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Silences;

/// <summary>Which silences an upgrade needs, and until when each is made or extended.</summary>
public static class SilenceRules
{
    /// <summary>Who makes them.</summary>
    public const string Creator = "upgradewatch";

    // Whatever else is silenced, that an upgrade has gone wrong is heard.
    private static readonly LabelMatch NotOurs = new(AlertRules.SourceLabel, MatchOperator.NotEqual, AlertRules.Source);

    /// <summary>The silences of an upgrade.</summary>
    /// <param name="upgrade">An upgrade.</param>
    /// <param name="target">Its target.</param>
    /// <param name="options">What is silenced, and for how long.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<WantedSilence> For(Upgrade upgrade, TargetOptions target, SilenceOptions options, DateTimeOffset now)
    {
        // A target that serves the new version is up again, whatever was planned.
        if (options.PlannedDowntime && upgrade.PlannedDowntime is { } planned && upgrade.Phase is (Phase.PreUpgrade or Phase.Upgrading or Phase.RollingBack)
            && DowntimeOf(target) is { Count: > 0 } downtime)
        {
            var latest = Earlier(planned.Until, planned.From.AddSeconds(options.MaxDurationSeconds));
            if (now >= planned.From && now < latest)
                yield return Make(upgrade, "downtime", downtime, latest, $"planned downtime until {planned.Until.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        }

        if (target.Silences.Noise is { Count: > 0 } noise && upgrade.Phase is (Phase.Upgrading or Phase.RollingBack))
        {
            var latest = upgrade.History[^1].At.AddSeconds(options.MaxDurationSeconds);
            if (now < latest) yield return Make(upgrade, $"noise-{upgrade.Phase.ToText()}", noise, latest, $"expected while it is {upgrade.Phase.ToText()}");
        }
    }

    /// <summary>Until when a silence is made or extended; null when the one there is lasts long enough.</summary>
    /// <param name="wanted">The one that is wanted.</param>
    /// <param name="held">The one that there is; null for none.</param>
    /// <param name="options">How long at once.</param>
    /// <param name="now">The time.</param>
    public static DateTimeOffset? EndOf(WantedSilence wanted, HeldSilence? held, SilenceOptions options, DateTimeOffset now)
    {
        var latest = wanted.Latest.AddSeconds(options.TailSeconds);
        var end = Earlier(now.AddSeconds(options.LeaseSeconds), latest);
        if (held is null) return end;
        return held.EndsAt < end && held.EndsAt - now < TimeSpan.FromSeconds(options.LeaseSeconds / 2) ? end : null;
    }

    /// <summary>When a silence that nothing wants any more ends; null when it ends soon enough by itself.</summary>
    public static DateTimeOffset? EndOf(HeldSilence left, SilenceOptions options, DateTimeOffset now)
    {
        var end = now.AddSeconds(options.TailSeconds);
        return left.EndsAt > end ? end : null;
    }

    /// <summary>Alerts that the planned downtime of a target makes: those that are named, else those with its labels.</summary>
    public static IReadOnlyList<LabelMatch> DowntimeOf(TargetOptions target) =>
        target.Silences.Downtime ?? [.. target.Labels.Select(label => new LabelMatch(label.Key, MatchOperator.Equal, label.Value))];

    /// <summary>Whether matchers stay with a target: one of them is the equality of a label of the target's own, or of one with its name.</summary>
    public static bool AreOf(IReadOnlyList<LabelMatch> matchers, TargetOptions target) => matchers.Any(match =>
        match.Operator == MatchOperator.Equal && (target.Labels.TryGetValue(match.Name, out var value) ? value == match.Value : match.Value == target.Name));

    private static WantedSilence Make(Upgrade upgrade, string why, IReadOnlyList<LabelMatch> matchers, DateTimeOffset latest, string reason) => new(
        $"{upgrade.Id}/{why}",
        [.. matchers, NotOurs],
        latest,
        $"Upgrade of {upgrade.Target} {AnnotationRules.Versions(upgrade)}, begun by {upgrade.Owner ?? "nobody named"}: {reason}.");

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
