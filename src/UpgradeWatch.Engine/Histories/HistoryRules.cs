using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Watches;

namespace UpgradeWatch.Engine.Histories;

/// <summary>What is read of the time before an upgrade, and how it is judged against it.</summary>
internal static class HistoryRules
{
    private const double LeastObservationSeconds = 600;
    private const double EndOfBaselineSeconds = 900;
    private const double LongestHorizonMinutes = 1440;
    private const double ShortestHorizonMinutes = 10;

    // How long a rollout may take before the history must be worked through once more.
    private const double RolloutSeconds = 1800;

    /// <summary>Whether the history is read at all: an upgrade that is watched for less than 10 min has no use for days of it.</summary>
    /// <param name="evaluation">The target's settings.</param>
    /// <param name="upgrade">The upgrade, whose own window counts; null while there is none.</param>
    public static bool IsRead(EvaluationOptions evaluation, Upgrade? upgrade) =>
        (upgrade?.ObservationSeconds ?? evaluation.ObservationSeconds) >= LeastObservationSeconds;

    /// <summary>Whether an upgrade is judged against its history and still waits for it, or for more of it.</summary>
    public static bool IsAwaited(Upgrade upgrade) =>
        IsRead(upgrade.Evaluation, upgrade) && !upgrade.Verdict.Final && upgrade is { Phase: Phase.Upgrading or Phase.PostUpgrade, Baseline: not null }
        && (upgrade.Past is not { } past || past.HorizonMinutes < WantedHorizon(upgrade, rollout: 0));

    /// <summary>The first minute after an upgrade.</summary>
    public static long UpgradedAt(Upgrade upgrade) => HistoryPlan.MinuteAt(upgrade.UpgradedAt!.Value) + 1;

    /// <summary>How many minutes of history are wanted.</summary>
    public static long Length(EvaluationOptions evaluation) => (long)Math.Ceiling(evaluation.HistorySeconds / HistoryPlan.MinuteSeconds);

    /// <summary>
    /// Up to which minute the history of a target may be read while no upgrade has begun: not what the baseline of one that
    /// begins now would be, as that is read in its own steps.
    /// </summary>
    public static long SettledAt(EvaluationOptions evaluation, TargetPlan plan, DateTimeOffset now) =>
        HistoryPlan.MinuteAt(now.AddSeconds(-plan.DelaySeconds - evaluation.BaselineSeconds - EndOfBaselineSeconds));

    /// <summary>Minutes from the upgrade to the end of the observation window; while it is rolled out, as far as can be told.</summary>
    public static int Horizon(Upgrade upgrade) => WantedHorizon(upgrade, RolloutSeconds);

    /// <summary>The minutes that are left out, as ranges.</summary>
    public static IReadOnlyList<MinuteRange> LeftOut(Upgrade upgrade) =>
    [
        .. (upgrade.LeftOut ?? new LeftOutTimes()).Times.Select(time => new MinuteRange(
            HistoryPlan.MinuteAt(time.From) + 1,
            (long)Math.Ceiling((time.Until - DateTimeOffset.UnixEpoch).TotalSeconds / HistoryPlan.MinuteSeconds))),
    ];

    /// <summary>How the reference of an SLI of an upgrade is made.</summary>
    public static ReferenceOptions OptionsOf(Upgrade upgrade, TargetPlan plan) => new()
    {
        HorizonMinutes = Horizon(upgrade),
        LeftOut = LeftOut(upgrade),
        Baseline = upgrade.Baseline is { } baseline ? new MinuteRange(HistoryPlan.MinuteAt(baseline.From) + 1, UpgradedAt(upgrade) - 1) : null,
        WarmupMinutes = (int)Math.Ceiling((upgrade.Evaluation.WarmupSeconds ?? (StepCalendar.DefaultWarmupSteps * plan.StepSeconds)) / HistoryPlan.MinuteSeconds),
        TimeZone = TimeZoneInfo.TryFindSystemTimeZoneById(upgrade.Evaluation.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc,
    };

    private static int WantedHorizon(Upgrade upgrade, double rollout)
    {
        var from = upgrade.UpgradedAt!.Value;
        var until = upgrade.WindowEndsAt ?? from.AddSeconds(rollout + upgrade.ObservationSeconds);
        var minutes = Math.Ceiling(((until - from).TotalSeconds + upgrade.Evaluation.ExtendUntilSeconds) / HistoryPlan.MinuteSeconds);
        return (int)Math.Clamp(minutes, ShortestHorizonMinutes, LongestHorizonMinutes);
    }
}
