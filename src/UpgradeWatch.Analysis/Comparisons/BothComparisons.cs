using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Comparisons;

/// <summary>One finding out of two: compared with the time before, and with the old instances at the same time.</summary>
public static class BothComparisons
{
    /// <summary>
    /// The comparison at the same time wins where the two disagree, and the sentence says so. What it cannot know
    /// (whether a metric vanished, a target is down, a limit was passed) stays as it is; and that the old instances do
    /// the same is believed only where it rules out a difference as large as the one since before.
    /// </summary>
    /// <param name="beforeAfter">The finding of the comparison with the time before.</param>
    /// <param name="sameTime">The finding of the comparison at the same time.</param>
    public static SliFinding Combine(SliFinding beforeAfter, SliFinding sameTime)
    {
        ArgumentNullException.ThrowIfNull(beforeAfter);
        ArgumentNullException.ThrowIfNull(sameTime);
        if (IsWorse(sameTime))
            return WithWorse(beforeAfter, sameTime);
        if (!IsAlike(sameTime) || !IsWorse(beforeAfter) || !RulesOut(sameTime, beforeAfter))
            return beforeAfter;

        return sameTime with
        {
            Reason = $"Since before the upgrade it got worse: {beforeAfter.Reason} But the old instances do the same at the same time, so it is not held against the new version: {sameTime.Reason}",
        };
    }

    private static SliFinding WithWorse(SliFinding beforeAfter, SliFinding sameTime)
    {
        if (IsWorse(beforeAfter))
        {
            var worst = sameTime.Status == FindingStatus.Fail && beforeAfter.Status != FindingStatus.Fail ? sameTime : beforeAfter;
            return worst with { Reason = $"{worst.Reason} {(worst == beforeAfter ? "So it is compared with the old instances at the same time." : "So it is compared with the time before.")}" };
        }

        // What failed for another reason stays failed for that.
        if (beforeAfter.Status == FindingStatus.Fail)
            return beforeAfter;
        return IsAlike(beforeAfter)
            ? sameTime with { Reason = $"{sameTime.Reason} Compared with the time before it does not stand out; what differs at the same time counts." }
            : sameTime;
    }

    private static bool IsWorse(SliFinding finding) =>
        finding.Status is FindingStatus.Fail or FindingStatus.Warn && finding.Code is FindingCodes.Level or FindingCodes.Tail or FindingCodes.Transient;

    private static bool IsAlike(SliFinding finding) =>
        finding.Status is FindingStatus.Pass or FindingStatus.Pending && finding.Code is FindingCodes.None or FindingCodes.Provisional;

    private static bool RulesOut(SliFinding sameTime, SliFinding beforeAfter)
    {
        var isUp = !(beforeAfter.Current < beforeAfter.Baseline);
        return isUp
            ? sameTime.ChangeUpper < (beforeAfter.ChangeRatio ?? double.PositiveInfinity)
            : sameTime.ChangeLower > (beforeAfter.ChangeRatio ?? 0);
    }
}
