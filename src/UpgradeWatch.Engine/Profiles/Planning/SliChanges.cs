using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Engine.Profiles;

/// <summary>Lays <c>targets[].slis</c> over what the profile gave.</summary>
internal static class SliChanges
{
    private static readonly string[] RequestNames =
        [SliDefaults.ErrorRatio, SliDefaults.Latency, "latency-p50", "latency-p95", "latency-p99", SliDefaults.Traffic];

    /// <summary>Whether an entry says where its numbers come from, and so is an SLI of one's own.</summary>
    public static bool Defines(SliOptions options) =>
        options.Enabled && (options.Query ?? options.Errors ?? options.Total ?? options.Buckets) is not null;

    /// <summary>Changes the draft; the answer is the first mistake, or null.</summary>
    public static string? Apply(TargetOptions target, Profile? profile, SourceFacts facts, PlanDraft draft)
    {
        foreach (var options in target.Slis)
        {
            var mistake = Defines(options)
                ? Define(options, facts, draft)
                : Change(options, profile, draft);
            if (mistake is not null) return $"targets[{target.Name}].slis[{options.Name}]{mistake}";
        }

        return null;
    }

    private static string? Define(SliOptions options, SourceFacts facts, PlanDraft draft)
    {
        var own = OwnSli.Read(options, facts);
        if (own.Mistake is not null) return own.Mistake;

        // One's own definition of a name wins over the profile's.
        var replaced = own.Slis.Select(sli => sli.Name).ToHashSet();
        draft.Slis.RemoveAll(sli => replaced.Contains(sli.Name));
        draft.DropUnusedSignals();
        if (!own.Signal!.Exists(facts.MetricNames))
        {
            draft.LeaveOut(options.Name, [own.Signal!.MainMetric()]);
            return null;
        }

        foreach (var bad in own.Signal!.Bad.Where(bad => !facts.MetricNames.Contains(bad.Metric)))
        {
            draft.Remark($"{options.Name}: {bad.Metric} has no series yet, which counts as no errors.");
        }

        var signal = own.Signal! with { Name = FreeName(own.Signal!.Name, draft) };
        draft.Add(signal, own.Slis.Select(sli => Change(sli, options) with { Signal = signal.Name }));
        return null;
    }

    private static string? Change(SliOptions options, Profile? profile, PlanDraft draft)
    {
        var index = draft.Slis.FindIndex(sli => sli.Name == options.Name);
        if (index < 0)
        {
            // A name that the profile can give but this target cannot is in the list of what was left out.
            return !options.Enabled || IsKnown(options.Name, profile) ? null : Unknown(profile);
        }

        if (options.Enabled)
        {
            draft.Slis[index] = Change(draft.Slis[index], options);
        }
        else
        {
            draft.Slis.RemoveAt(index);
        }

        return null;
    }

    private static SliDefinition Change(SliDefinition sli, SliOptions options) => sli with
    {
        Direction = options.Direction ?? sli.Direction,
        Critical = Critical(sli, options),
        Unit = options.Unit ?? sli.Unit,
        Tolerance = new Tolerance(options.ToleranceRelative ?? sli.Tolerance.Relative, options.ToleranceAbsolute ?? sli.Tolerance.Absolute),
        // A limit belongs to the SLI that was named, not to the quantiles that come with a histogram.
        AbsoluteLimit = (sli.Name == options.Name ? options.AbsoluteLimit : null) ?? sli.AbsoluteLimit,
    };

    private static bool Critical(SliDefinition sli, SliOptions options)
    {
        // The median only informs, whatever was said of the histogram it comes with.
        if (options.Critical is { } critical) return critical && (sli.Name == options.Name || sli.Critical);

        return sli.Critical && !(sli.Part == SignalPart.Traffic && options.Direction == Direction.Up);
    }

    private static bool IsKnown(string name, Profile? profile) =>
        profile is not null && (RequestNames.Contains(name) || profile.Gauges.Any(gauge => gauge.Signal.Name == name));

    private static string Unknown(Profile? profile)
    {
        var known = profile is null ? "" : $" of profile {profile.Name} ({string.Join(", ", RequestNames.Concat(profile.Gauges.Select(gauge => gauge.Signal.Name)).Distinct())})";
        return $": not an SLI{known}, and none of one's own: that needs query, errors and total, total, or buckets.";
    }

    private static string FreeName(string name, PlanDraft draft) =>
        draft.Signals.Any(signal => signal.Name == name) ? FreeName(name + "-own", draft) : name;
}
