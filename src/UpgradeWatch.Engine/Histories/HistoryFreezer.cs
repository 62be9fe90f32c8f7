using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Histories;

/// <summary>Works out of a history, once, what an upgrade is judged against.</summary>
internal static class HistoryFreezer
{
    // Traffic follows the day: with less of it the series says nothing about where it should be.
    private const int FewestMinutesOfTraffic = 1440;

    /// <summary>The history that was read, with the minutes of the baseline after it, up to the upgrade.</summary>
    /// <param name="upgrade">The upgrade; its baseline is frozen.</param>
    /// <param name="history">What was read of the time before the baseline.</param>
    /// <param name="baseline">The baseline as it is stored, in its own steps.</param>
    public static FrozenHistory Freeze(Upgrade upgrade, TargetHistory history, StepBlock baseline)
    {
        var upgradedAt = HistoryRules.UpgradedAt(upgrade);
        var seam = SeamOf(upgrade, baseline);
        var minutes = MinuteBlocks.Of(baseline);
        List<(SliDefinition Sli, long First, SliMinutes Minutes)> all = [];
        foreach (var sli in history.Plan.Slis)
        {
            var (first, before) = history.Of(sli.Name, upgradedAt - HistoryRules.Length(upgrade.Evaluation), seam);
            all.Add((sli, Math.Min(first, seam), before.Then(SliMinutes.Read(sli, minutes, seam, upgradedAt))));
        }

        var start = all.Count == 0 ? seam : all[0].First;
        var frozen = new FrozenHistory
        {
            PlanKey = history.Plan.Key,
            FirstMinute = start,
            Minutes = (int)Math.Max(0, upgradedAt - start),
            ValueSeconds = history.Plan.ValueSeconds,
            Slis = [.. all.Select(one => new FrozenSeries { Sli = one.Sli.Name, Values = one.Minutes.Values, Events = one.Minutes.Events, Exposures = one.Minutes.Exposures })],
        };
        return Calibrate(upgrade, frozen, history.Plan.Slis);
    }

    /// <summary>Makes the references out of the series, all of them together.</summary>
    public static FrozenHistory Calibrate(Upgrade upgrade, FrozenHistory history, IReadOnlyList<SliDefinition> slis)
    {
        var options = HistoryRules.OptionsOf(upgrade, upgrade.Plan!);
        var upgradedAt = HistoryRules.UpgradedAt(upgrade);
        List<(string Sli, SeriesReference Reference)> made = [];
        foreach (var series in history.Slis)
        {
            if (slis.FirstOrDefault(sli => sli.Name == series.Sli) is not { } sli || !IsJudged(sli, series)) continue;
            var reference = SeriesReference.Create(new MinuteSeries(history.FirstMinute, series.Values), upgradedAt, options with { Direction = sli.Direction });
            if (reference is not null) made.Add((sli.Name, reference));
        }

        var joined = SeriesFamily.Join([.. made.Select(one => one.Reference)]);
        var states = made.Select((one, i) => (one.Sli, joined[i].State)).ToDictionary(one => one.Sli, one => one.State);
        return history with { Slis = [.. history.Slis.Select(series => series with { Reference = states.GetValueOrDefault(series.Sli) })] };
    }

    /// <summary>The first minute that lies wholly in the baseline, from which on minutes are put together from its steps.</summary>
    public static long SeamOf(Upgrade upgrade, StepBlock baseline) =>
        Math.Min(HistoryPlan.MinuteOf(baseline.FirstStep - 1, baseline.StepSeconds) + 1, HistoryRules.UpgradedAt(upgrade));

    /// <summary>The window that a history covers, from its first value on.</summary>
    public static HistoryWindow WindowOf(Upgrade upgrade, FrozenHistory history)
    {
        var known = history.Slis.Min(FirstKnown) ?? history.Minutes;
        return new HistoryWindow(
            HistoryPlan.EndOf(history.FirstMinute + known - 1),
            HistoryPlan.EndOf(history.FirstMinute + history.Minutes - 1),
            HistoryRules.Horizon(upgrade));
    }

    private static bool IsJudged(SliDefinition sli, FrozenSeries series) => sli.Part switch
    {
        SignalPart.Gauge or SignalPart.Quantile => true,
        SignalPart.Traffic => FirstKnown(series) is { } first && series.Values.Length - first >= FewestMinutesOfTraffic,
        _ => false,
    };

    private static int? FirstKnown(FrozenSeries series)
    {
        var numbers = series.Values.Length > 0 ? series.Values : series.Exposures;
        var first = Array.FindIndex(numbers, float.IsFinite);
        return first < 0 ? null : first;
    }
}
