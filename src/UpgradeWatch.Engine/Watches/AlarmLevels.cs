using UpgradeWatch.Analysis.Judges;

namespace UpgradeWatch.Engine.Watches;

/// <summary>
/// How the false-alarm rate of an upgrade is shared out: half to the tests of counts, half to those of series, or all of it
/// to one of them where the other has nothing to judge. The counts share theirs evenly; the series are calibrated together,
/// so that each has all of it.
/// </summary>
/// <param name="Count">Level of each test of counts.</param>
/// <param name="CountWarn">The same for <c>warn</c>.</param>
/// <param name="Series">Level of the tests of series.</param>
/// <param name="SeriesWarn">The same for <c>warn</c>.</param>
internal readonly record struct AlarmLevels(double Count, double CountWarn, double Series, double SeriesWarn)
{
    /// <summary>Shares a rate out.</summary>
    /// <param name="falseAlarmRate">Share of good upgrades that may be flagged.</param>
    /// <param name="countTests">How many tests of counts there are.</param>
    /// <param name="hasSeries">Whether there is a test of series.</param>
    /// <param name="seriesCanFail">Whether one of them is critical: series that can only warn take nothing of what may fail.</param>
    public static AlarmLevels Split(double falseAlarmRate, int countTests, bool hasSeries, bool seriesCanFail)
    {
        var failing = countTests > 0 && seriesCanFail ? 2 : 1;
        var warning = countTests > 0 && hasSeries ? 2 : 1;
        var (fail, warn) = (falseAlarmRate / failing, WarnLevel.Of(falseAlarmRate) / warning);
        return new AlarmLevels(fail / Math.Max(1, countTests), warn / Math.Max(1, countTests), fail, warn);
    }
}
