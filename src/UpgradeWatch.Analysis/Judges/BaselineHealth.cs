using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Judges;

/// <summary>Whether an upgrade began in the middle of an incident.</summary>
public static class BaselineHealth
{
    /// <summary>Length of the end of the baseline that is judged.</summary>
    public const double EndSeconds = 900;

    /// <summary>Length of what must be before it to compare with.</summary>
    public const double LeastSecondsBefore = 3600;

    /// <summary>Judges the last 15 min of a baseline against the rest with the tests that judge an upgrade.</summary>
    /// <param name="spec">The SLI.</param>
    /// <param name="baseline">The steps before the upgrade, ascending.</param>
    /// <returns>
    /// The finding about the end, with <see cref="FindingStatus.Fail"/> when it is abnormal by itself; null when there
    /// are under 60 min before it.
    /// </returns>
    /// <exception cref="ArgumentException">As for <see cref="SliJudge.Create"/>.</exception>
    public static SliFinding? Judge(SliSpec spec, IReadOnlyList<StepSample> baseline)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(baseline);
        if (baseline.Count == 0)
            return null;

        var cut = baseline[^1].Step - (long)Math.Round(EndSeconds / spec.StepSeconds);
        if ((cut - baseline[0].Step + 1) * spec.StepSeconds < LeastSecondsBefore)
            return null;

        var judge = SliJudge.Create(spec, [.. baseline.Where(step => step.Step <= cut)]);
        foreach (var step in baseline.Where(step => step.Step > cut))
            judge.Add(step);
        return judge.Evaluate(new Moment(StepTime.EndOf(cut, spec.StepSeconds), Stage.Closed));
    }
}
