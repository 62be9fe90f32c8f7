using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;
using UpgradeWatch.TestKit.Grafana;

namespace UpgradeWatch.TestKit.Simulation.Days;

/// <summary>What must be so after every minute, whatever has happened.</summary>
internal sealed class DayChecks
{
    private const int PointsPerHour = 6;
    private readonly List<string> _trouble = [];
    private readonly Dictionary<string, long> _revisions = [];

    /// <summary>Promises that were broken.</summary>
    public IReadOnlyList<string> Trouble => _trouble;

    /// <summary>Notes a promise that was broken, once.</summary>
    public void Add(string trouble)
    {
        if (!_trouble.Contains(trouble)) _trouble.Add(trouble);
    }

    /// <summary>Checks an upgrade as it is answered.</summary>
    /// <param name="upgrade">The upgrade.</param>
    /// <param name="isBlind">Whether nothing could be seen of its target for so long that it must have been noticed.</param>
    /// <param name="isStale">Whether it was not looked at for so long that no verdict may stand.</param>
    public void Check(Upgrade upgrade, bool isBlind, bool isStale)
    {
        var (verdict, place) = (upgrade.Verdict, $"{upgrade.Target} to {upgrade.ToVersion}");
        if (verdict.Status == FindingStatus.Pass && !verdict.Final && isBlind && !HasSeenAll(upgrade)) Add($"{place}: pass while blind");
        if (isStale && upgrade.IsOpen && !verdict.Final && verdict.Code != FindingCodes.Stale) Add($"{place}: {verdict.Status} ({verdict.Code}) while stale");
        if (verdict.Status == FindingStatus.Pass && upgrade.Phase is not (Phase.PostUpgrade or Phase.Completed)) Add($"{place}: pass in {upgrade.Phase.ToText()}");
        if (verdict is { BaselineUnhealthy: false, Status: FindingStatus.Pass or FindingStatus.Warn }
            && verdict.Findings.FirstOrDefault(Decides) is { } worse)
        {
            Add($"{place}: {verdict.Status} although {worse.Sli} fails");
        }

        if (verdict.Status == FindingStatus.Fail && !verdict.Findings.Any(Decides)) Add($"{place}: fail although nothing fails that is not acknowledged");
        if (verdict.Status == FindingStatus.Pass && verdict.Code != FindingCodes.Acknowledged && verdict.Findings.Any(finding => finding.Acknowledged is not null)) Add($"{place}: a pass that does not say what was acknowledged");

        for (var i = 1; i < upgrade.History.Count; i++)
        {
            var (before, after) = (upgrade.History[i - 1], upgrade.History[i]);
            if (!PhaseMachine.AllowedFrom(before.Phase).Contains(after.Phase)) Add($"{place}: {after.Phase.ToText()} follows {before.Phase.ToText()}");
            if (after.At < before.At) Add($"{place}: {after.Phase.ToText()} begins before {before.Phase.ToText()}");
        }

        if (_revisions.TryGetValue(upgrade.Id, out var known) && upgrade.Revision < known) Add($"{place}: revision {upgrade.Revision} after {known}");
        _revisions[upgrade.Id] = upgrade.Revision;
    }

    /// <summary>Checks what Grafana has once everything has been delivered.</summary>
    public void Check(IReadOnlyList<StoredAnnotation> annotations, IReadOnlyList<Upgrade> upgrades)
    {
        foreach (var doubled in annotations.GroupBy(KeyOf).Where(group => group.Count() > 1)) Add($"annotation {doubled.Key} is there {doubled.Count()} times");
        foreach (var upgrade in upgrades)
        {
            var ours = annotations.Where(annotation => annotation.Tags?.Contains($"upgrade:{upgrade.Id}") == true).ToArray();
            var regions = ours.Count(IsRegion);
            var ended = upgrade.History.Count(entry => entry.Phase.IsOpen()) - (upgrade.IsOpen ? 1 : 0);
            if (regions != ended) Add($"{upgrade.Target} to {upgrade.ToVersion}: {regions} regions for {ended} phases that have ended");
            var points = ours.Where(annotation => !IsRegion(annotation)).Select(annotation => annotation.Time).Order().ToArray();
            for (var i = PointsPerHour; i < points.Length; i++)
            {
                if (points[i] - points[i - PointsPerHour] < TimeSpan.FromHours(1).TotalMilliseconds) Add($"{upgrade.Target} to {upgrade.ToVersion}: more than {PointsPerHour} points in an hour");
            }
        }
    }

    // With the window read to its end there is nothing left to be blind to: only the store has not taken the verdict yet.
    private static bool HasSeenAll(Upgrade upgrade) => upgrade.Verdict.ObservedUntil?.AddSeconds(SimulatedFleet.StepSeconds) > upgrade.WindowEndsAt;

    private static bool Decides(Finding finding) => finding is { Critical: true, Acknowledged: null, Result.Status: FindingStatus.Fail };

    private static bool IsRegion(StoredAnnotation annotation) => annotation.TimeEnd > annotation.Time;

    private static string KeyOf(StoredAnnotation annotation) =>
        annotation.Tags?.FirstOrDefault(tag => tag.StartsWith("uwkey:", StringComparison.Ordinal)) ?? $"without a key: {annotation.Id}";
}
