using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.TestKit.Simulation.Days;

/// <summary>Those who release, and act on what the verdict says; what the store does not take they try again a minute later.</summary>
internal sealed class DayPeople(DayPlan plan, SimulatedFleet fleet)
{
    private const int MinutesToDecide = 3;
    private const int MinutesToRollBack = 4;

    private readonly Queue<Release> _releases = new(plan.Releases);
    private readonly List<Course> _courses = [];
    private readonly List<(int Minute, Release Release)> _waiting = [];

    /// <summary>Every upgrade that was begun.</summary>
    public List<DayUpgrade> Upgrades { get; } = [];

    /// <summary>Does what is due in a minute.</summary>
    public async Task ActAsync(UpgradeService service, int minute)
    {
        while (_releases.TryPeek(out var next) && next.Minute <= minute) _waiting.Add((minute, _releases.Dequeue()));
        foreach (var (due, release) in _waiting.ToArray())
        {
            if (due <= minute && await BeginAsync(service, release, minute).ConfigureAwait(false)) _waiting.Remove((due, release));
        }

        foreach (var course in _courses.ToArray()) await FollowAsync(service, course, minute).ConfigureAwait(false);
    }

    private async Task<bool> BeginAsync(UpgradeService service, Release release, int minute)
    {
        var version = $"{Upgrades.Count(upgrade => upgrade.Target == release.Target) + 2}";
        var begun = await service.BeginAsync(
            new BeginCommand
            {
                Target = SimulatedFleet.NameOf(release.Target),
                ToVersion = version,
                Phase = Phase.Upgrading,
                Supersede = true,
                PlannedDowntime = release.PlannedMinutes > 0 ? new PlannedDowntime(fleet.TimeAt(minute), fleet.TimeAt(minute + release.PlannedMinutes + 1)) : null,
            },
            CancellationToken.None).ConfigureAwait(false);
        if (begun.Upgrade is not { } upgrade || begun.Refusal is not null) return false;

        _courses.RemoveAll(course => course.Release.Target == release.Target);
        var deployment = fleet.Deployments[release.Target];
        var known = new DayUpgrade(upgrade.Id, release.Target, minute, release.Fault, IsChange: deployment.Fault == SimulatedFault.None);
        Upgrades.Add(known);
        _courses.Add(new Course(known, release) { DoneAt = minute + release.RolloutMinutes });
        deployment.Deploy(fleet.StepAt(minute), Math.Max(release.PlannedMinutes, plan.Targets[release.Target].RestartSteps), release.Fault);
        return true;
    }

    private async Task FollowAsync(UpgradeService service, Course course, int minute)
    {
        if (minute == course.DoneAt && !await AdvanceAsync(service, course, Phase.PostUpgrade).ConfigureAwait(false)) course.DoneAt++;
        if (course.Upgrade.Failed && course.ActAt is null) course.ActAt = minute + MinutesToDecide;
        if (minute == course.BackAt)
        {
            if (await AdvanceAsync(service, course, Phase.RolledBack).ConfigureAwait(false)) _courses.Remove(course);
            else course.BackAt++;
            return;
        }

        if (minute != course.ActAt || minute <= course.DoneAt && ++course.ActAt > 0) return;
        if (course.Release.Reaction == Reaction.Acknowledge)
        {
            if (await AcknowledgeAsync(service, course).ConfigureAwait(false)) _courses.Remove(course);
            else course.ActAt++;
        }
        else if (course.Release.Reaction == Reaction.FixForward)
        {
            _waiting.Add((minute + 1, course.Release with { Minute = minute, Fault = SimulatedFault.None }));
            _courses.Remove(course);
        }
        else if (await AdvanceAsync(service, course, Phase.RollingBack).ConfigureAwait(false))
        {
            course.BackAt = minute + MinutesToRollBack;
            fleet.Deployments[course.Release.Target].Deploy(fleet.StepAt(minute), plan.Targets[course.Release.Target].RestartSteps, SimulatedFault.None);
        }
        else
        {
            course.ActAt++;
        }
    }

    // Everything that fails at that moment; what fails later flags the upgrade again, and nobody acts on it any more.
    private static async Task<bool> AcknowledgeAsync(UpgradeService service, Course course)
    {
        if (await service.FindAsync(course.Upgrade.Id, CancellationToken.None).ConfigureAwait(false) is not { IsOpen: true } upgrade) return true;
        var isTaken = true;
        foreach (var finding in upgrade.Verdict.Findings.Where(finding => finding is { Acknowledged: null, Result.Status: FindingStatus.Fail }))
        {
            var command = new AcknowledgeCommand { Sli = finding.Sli, Reason = "it is known" };
            isTaken &= (await service.AcknowledgeAsync(upgrade.Id, command, CancellationToken.None).ConfigureAwait(false)).Refusal is null;
        }

        return isTaken;
    }

    private static async Task<bool> AdvanceAsync(UpgradeService service, Course course, Phase phase)
    {
        var moved = await service.AdvanceAsync(course.Upgrade.Id, new AdvanceCommand { Phase = phase, Reason = "as planned" }, CancellationToken.None).ConfigureAwait(false);
        return moved.Refusal is null;
    }

    private sealed record Course(DayUpgrade Upgrade, Release Release)
    {
        public required int DoneAt { get; set; }

        public int? ActAt { get; set; }

        public int? BackAt { get; set; }
    }
}
