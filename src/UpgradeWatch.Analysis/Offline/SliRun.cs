using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>One SLI of a series on the grid, ready to be judged step by step as if it was watched live.</summary>
internal sealed record SliRun
{
    /// <summary>The SLI, at any level.</summary>
    public required SliSpec Spec { get; init; }

    /// <summary>The baseline window.</summary>
    public required IReadOnlyList<StepSample> Baseline { get; init; }

    /// <summary>What came after, and when each of its rows was there, in seconds since 1970.</summary>
    public required IReadOnlyList<(StepSample Step, double Time)> After { get; init; }

    /// <summary>What is known from before the baseline; null for nothing.</summary>
    public SliHistory? History { get; init; }

    /// <summary>Whether it is judged by the small-sample tests, once, at the end.</summary>
    public bool IsSmall { get; init; }

    /// <summary>Judges it.</summary>
    /// <param name="upgradedAt">The change, for sentences.</param>
    /// <param name="alpha">False-alarm level of this SLI.</param>
    /// <param name="warn">The same for <c>warn</c>.</param>
    public SliOutcome Judge(DateTimeOffset upgradedAt, double alpha, double warn)
    {
        var judge = SliJudge.Make(Spec with { Alpha = alpha, WarnAlpha = warn, SeriesAlpha = alpha, SeriesWarnAlpha = warn }, Baseline, IsSmall, History);
        var watching = new Moment(upgradedAt, Stage.Watching);
        var course = new List<CoursePoint>(After.Count);
        SliFinding? failure = null;
        foreach (var (step, time) in After)
        {
            judge.Add(step);
            var now = judge.Evaluate(watching);
            course.Add(new CoursePoint(time, now.Status, now.PValue));
            if (now.Status == FindingStatus.Fail)
                failure = now;
        }

        var finding = judge.Evaluate(watching with { Stage = Stage.Closed });
        if (course.Count > 0)
            course[^1] = course[^1] with { Status = finding.Status, PValue = finding.PValue };
        return new SliOutcome(this, judge, Remember(failure, finding), course);
    }

    /// <summary>Whoever acts on a verdict has acted when it first failed: that it recovered later does not undo it.</summary>
    private static SliFinding Remember(SliFinding? failure, SliFinding last) => failure is null || last.Status == FindingStatus.Fail ? last : failure with
    {
        Code = last.Code,
        Reason = $"{failure.Reason} {(last.Code == FindingCodes.Recovered ? "It has been back inside its band for 15 min since." : last.Reason)}",
        PValue = last.PValue ?? failure.PValue,
        ObservedSamples = last.ObservedSamples,
    };
}

/// <summary>What became of one SLI.</summary>
/// <param name="Run">The SLI.</param>
/// <param name="Judge">Its judge after the last step.</param>
/// <param name="Finding">The finding when the window had closed.</param>
/// <param name="Course">What was to be said after each row.</param>
internal sealed record SliOutcome(SliRun Run, StepJudge Judge, SliFinding Finding, IReadOnlyList<CoursePoint> Course);
