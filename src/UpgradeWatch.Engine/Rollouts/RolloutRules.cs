using UpgradeWatch.Engine.Pipelines;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Rollouts;

/// <summary>
/// What follows from how a target's workloads stand: which upgrade begins or moves, and what is remembered. A pure
/// function; whoever calls it makes the move, and asks again until nothing follows any more.
/// </summary>
internal static class RolloutRules
{
    /// <summary>Who is recorded for what Kubernetes shows.</summary>
    public const string KubernetesName = "kubernetes";

    /// <summary>Who is recorded for what a metric's version label shows.</summary>
    public const string MetricName = "version-metric";

    /// <summary>The next thing to do; null when nothing follows.</summary>
    /// <param name="sightings">All workloads of one target.</param>
    /// <param name="memory">What is remembered of them.</param>
    /// <param name="newest">The target's open upgrade, else its newest; null when it has none.</param>
    /// <param name="by">Who has seen it, for the record.</param>
    public static RolloutMove? Next(IReadOnlyList<RolloutSighting> sightings, IReadOnlyList<SeenRollout> memory, Upgrade? newest, string by)
    {
        foreach (var sighting in sightings)
        {
            var seen = memory.FirstOrDefault(one => one.Workload == sighting.Workload);
            if (seen is null) return First(sighting);
            if (seen.Template.Identity != sighting.Template.Identity) return Changed(sighting, seen, memory, newest, by);
        }

        return Progressed(sightings, memory, newest, by) ?? Settled(sightings, memory);
    }

    // What runs when it is first seen is how it was before. A roll-out in the middle is a change from what ran before it.
    private static RolloutMove First(RolloutSighting sighting)
    {
        var isUnderWay = sighting is { DoneAt: null, Before: not null };
        return new RolloutMove(new SeenRollout
        {
            Target = sighting.Target,
            Workload = sighting.Workload,
            Template = isUnderWay ? sighting.Before! : sighting.Template,
            IsDone = isUnderWay || sighting.DoneAt is not null,
        });
    }

    private static RolloutMove Changed(RolloutSighting sighting, SeenRollout seen, IReadOnlyList<SeenRollout> memory, Upgrade? newest, string by)
    {
        var next = After(seen, sighting.Template);
        if (newest is null) return Begin(sighting, seen, next, by);
        if (GoesBack(sighting, seen, newest))
        {
            var back = new RolloutMove(next with { UpgradeId = newest.Id, IsBack = true });

            // It was told, or recorded before the memory of it was.
            return newest.Phase is Phase.RollingBack or Phase.RolledBack
                ? back
                : back with { Advance = (newest.Id, Move(Phase.RollingBack, Later(sighting.ChangedAt, newest), Words(sighting, $"goes back to {sighting.Template.Version}"), by)) };
        }

        if (!newest.IsOpen || newest.Id == seen.UpgradeId || !IsAnnounced(newest, sighting, memory)) return Begin(sighting, seen, next, by);
        var known = new RolloutMove(next with { UpgradeId = newest.Id });
        return newest.Phase == Phase.PreUpgrade
            ? known with { Advance = (newest.Id, Move(Phase.Upgrading, Later(sighting.ChangedAt, newest), Words(sighting, "is rolled out"), by)) }
            : known;
    }

    private static bool GoesBack(RolloutSighting sighting, SeenRollout seen, Upgrade newest)
    {
        if (!seen.CameFrom(sighting.Template)) return false;
        var isOwn = newest.Id == seen.UpgradeId;
        return newest.Phase switch
        {
            Phase.Upgrading or Phase.PostUpgrade or Phase.Completed => isOwn || VersionText.AreSame(newest.FromVersion, sighting.Template.Version),
            Phase.RollingBack or Phase.RolledBack => isOwn,
            _ => false,
        };
    }

    private static RolloutMove Begin(RolloutSighting sighting, SeenRollout seen, SeenRollout next, string by) =>
        new(next with { UpgradeId = RolloutMove.Begun })
        {
            Begin = new BeginCommand
            {
                Target = sighting.Target,
                FromVersion = (next.Before ?? seen.Template).Version,
                ToVersion = sighting.Template.Version,
                Phase = Phase.Upgrading,
                At = sighting.ChangedAt,
                Owner = sighting.Owner,
                Supersede = true,
                By = by,
            },
        };

    // One that was begun and not finished is no version to compare with: the one before it still is.
    private static SeenRollout After(SeenRollout seen, RolloutTemplate template)
    {
        var next = seen with { Template = template, IsDone = false, IsBack = false };
        return seen.IsDone
            ? next with { Before = seen.Template, Tried = null }
            : next with { Tried = [.. (seen.Tried ?? []).Append(seen.Template.Identity).Where(one => one != template.Identity).Distinct()] };
    }

    private static RolloutMove? Progressed(IReadOnlyList<RolloutSighting> sightings, IReadOnlyList<SeenRollout> memory, Upgrade? newest, string by)
    {
        if (newest is not { Phase: Phase.Upgrading or Phase.RollingBack }) return null;

        // Its pods are ready long before it has all the traffic; the tool that gives it that says when.
        if (newest.Phase == Phase.Upgrading && newest.Pipelines is { } pipelines && pipelines.Any(pipeline => pipeline.Tool == PipelineTools.Flagger)) return null;
        RolloutSighting[] own = [.. sightings.Where(sighting => IsOf(sighting, memory, newest))];
        if (own.Length == 0 || own.Any(sighting => sighting.DoneAt is null)) return null;
        var at = Later(own.Max(sighting => sighting.DoneAt!.Value), newest);
        var names = string.Join(", ", own.Select(sighting => sighting.Workload));
        var command = newest.Phase == Phase.Upgrading
            ? Move(Phase.PostUpgrade, at, $"{names} is rolled out and ready", by)
            : Move(Phase.RolledBack, at, $"{names} is back and ready", by);
        return new RolloutMove(null) { Advance = (newest.Id, command) };
    }

    // Told to go back, a workload that still is as it was has not gone back.
    private static bool IsOf(RolloutSighting sighting, IReadOnlyList<SeenRollout> memory, Upgrade upgrade)
    {
        var seen = memory.FirstOrDefault(one => one.Workload == sighting.Workload);
        if (upgrade.Phase == Phase.RollingBack) return seen?.UpgradeId == upgrade.Id && seen.IsBack;
        return seen?.UpgradeId == upgrade.Id || VersionText.AreSame(upgrade.ToVersion, sighting.Template.Version);
    }

    private static RolloutMove? Settled(IReadOnlyList<RolloutSighting> sightings, IReadOnlyList<SeenRollout> memory)
    {
        foreach (var seen in memory)
        {
            var sighting = sightings.FirstOrDefault(one => one.Workload == seen.Workload);
            if (sighting is { DoneAt: not null } && !seen.IsDone) return new RolloutMove(seen with { IsDone = true });
        }

        return null;
    }

    // Somebody who says that it is happening now means what is seen next, whatever they call the version; and the
    // workloads of one target that change together are one upgrade.
    private static bool IsAnnounced(Upgrade upgrade, RolloutSighting sighting, IReadOnlyList<SeenRollout> memory)
    {
        if (VersionText.AreSame(upgrade.ToVersion, sighting.Template.Version)) return true;
        if (upgrade.Phase != Phase.Upgrading) return false;
        SeenRollout[] made = [.. memory.Where(one => one.UpgradeId == upgrade.Id)];
        return made.Length > 0 ? made.Any(one => one.Workload != sighting.Workload) : !IsSeen(upgrade);
    }

    private static bool IsSeen(Upgrade upgrade) => upgrade.History[0].By is KubernetesName or MetricName;

    private static string Words(RolloutSighting sighting, string what) =>
        sighting.Remark is null ? $"{sighting.Workload} {what}" : $"{sighting.Workload} {what}: {sighting.Remark}";

    private static DateTimeOffset Later(DateTimeOffset at, Upgrade upgrade) => at > upgrade.History[^1].At ? at : upgrade.History[^1].At;

    // What has happened is not held up by a list: what is open on it is recorded with the move.
    private static AdvanceCommand Move(Phase phase, DateTimeOffset at, string reason, string by) =>
        new() { Phase = phase, At = at, Reason = reason, Force = true, By = by };
}
