using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Histories;

/// <summary>What the judges of an upgrade are told about its past; the minutes themselves stay in the store.</summary>
internal static class SliHistories
{
    /// <summary>By name of the SLI.</summary>
    public static IReadOnlyDictionary<string, SliHistory> Of(Upgrade upgrade, TargetPlan plan, FrozenHistory history)
    {
        var leftOut = HistoryRules.LeftOut(upgrade);
        var parts = plan.Slis.ToDictionary(sli => sli.Name, sli => sli.Part);
        var baselineFrom = HistoryPlan.MinuteAt(upgrade.Baseline!.From);
        var histories = history.Slis.Where(series => parts.ContainsKey(series.Sli)).ToDictionary(series => series.Sli, series => new SliHistory
        {
            Events = EventsOf(parts[series.Sli], series, history, minute => minute <= baselineFrom && !leftOut.Any(range => range.Overlaps(minute, minute))),
            Reference = series.Reference is { } state ? SeriesReference.Restore(state) : null,
        });
        bool IsBaseline(long minute) => minute > baselineFrom && !leftOut.Any(range => range.Overlaps(minute, minute));
        foreach (var sli in plan.Slis.Where(sli => sli.Part == SignalPart.Distribution))
        {
            var quantiles = plan.Slis.Where(other => other.Signal == sli.Signal && other.Part == SignalPart.Quantile).Select(other => other.Name).ToHashSet();
            if (LatencyGrowth.Of([.. history.Slis.Where(series => quantiles.Contains(series.Sli))], history.FirstMinute, IsBaseline) is { } growth)
                histories[sli.Name] = new SliHistory { Growth = growth };
        }

        return histories;
    }

    private static EventSeries? EventsOf(SignalPart part, FrozenSeries series, FrozenHistory history, Func<long, bool> counts)
    {
        // Traffic that is held against its own past is not counted.
        if (part is not (SignalPart.Errors or SignalPart.Traffic) || series.Reference is { HistoryMinutes: >= SeriesReference.DayMinutes }) return null;
        List<float> events = [];
        List<float> exposures = [];
        for (var i = 0; i < history.Minutes; i++)
        {
            var (seen, of) = part == SignalPart.Errors
                ? (series.Events[i], series.Exposures[i])
                : ((float)(series.Values[i] * history.ValueSeconds), 1);
            if (!float.IsFinite(seen) || !float.IsFinite(of) || !counts(history.FirstMinute + i)) continue;
            events.Add(seen);
            exposures.Add(of);
        }

        return events.Count == 0 ? null : new EventSeries(history.ValueSeconds, [.. events], [.. exposures]);
    }
}
