using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Engine.Rollouts;

/// <summary>Says how a roll-out stands, from how many instances of each version there were.</summary>
internal static class VersionReading
{
    /// <summary>Steps with one version alone that make it the only one: instances are not counted all at the same instant.</summary>
    private const int Settled = 2;

    /// <summary>How it stands; null when no version is seen at the newest steps.</summary>
    /// <param name="target">Name of the target.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="counts">What was counted.</param>
    public static RolloutSighting? Read(string target, string metric, VersionCounts counts)
    {
        var steps = counts.ByVersion.Values.Select(one => one.Length).FirstOrDefault();
        var last = LastSeen(counts, steps);
        if (last < 0) return null;
        var runs = counts.ByVersion.Where(one => one.Value[last] > 0).Select(one => (Version: one.Key, Since: BeginningOfRun(counts, one.Value, last))).ToList();

        // The version that came last is the one that is rolled out.
        var current = runs.OrderByDescending(one => one.Since).ThenByDescending(one => one.Version, StringComparer.Ordinal).First();
        var other = NewestOther(counts, current.Version, last);
        var goesBack = other is { } left && BeginningOfRun(counts, counts.ByVersion[left.Version], left.LastStep) > current.Since;
        var alone = other is { } gone ? last - gone.LastStep : last + 1;
        return new RolloutSighting
        {
            Target = target,
            Workload = $"metric {metric}",
            Template = new RolloutTemplate(current.Version, current.Version),
            ChangedAt = counts.At(goesBack ? LastPeak(counts.ByVersion[other!.Value.Version], other.Value.LastStep) + 1 : current.Since),
            Before = other is { } before ? new RolloutTemplate(before.Version, before.Version) : null,
            DoneAt = runs.Count == 1 && alone >= Settled ? counts.At(last - alone + 1) : null,
        };
    }

    private static int LastSeen(VersionCounts counts, int steps)
    {
        for (var step = steps - 1; step >= 0; step--)
        {
            if (counts.ByVersion.Values.Any(one => one[step] > 0)) return step;
        }

        return -1;
    }

    // Steps in which nothing is seen at all are nobody's: the target or Prometheus was down.
    private static int BeginningOfRun(VersionCounts counts, double[] own, int last)
    {
        var first = last;
        for (var step = last; step >= 0; step--)
        {
            if (own[step] > 0) first = step;
            else if (counts.ByVersion.Values.Any(one => one[step] > 0)) break;
        }

        return first;
    }

    private static (string Version, int LastStep)? NewestOther(VersionCounts counts, string current, int last)
    {
        for (var step = last; step >= 0; step--)
        {
            var others = counts.ByVersion.Where(one => one.Key != current && one.Value[step] > 0).ToList();
            if (others.Count > 0) return (others.MaxBy(one => one.Value[step]).Key, step);
        }

        return null;
    }

    // The last step with as many instances as it ever had: from then on it was taken away.
    private static int LastPeak(double[] counts, int last)
    {
        var most = counts.Max();
        for (var step = last; step >= 0; step--)
        {
            if (counts[step] >= most) return step;
        }

        return last;
    }
}
