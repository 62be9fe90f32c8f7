using UpgradeWatch.Analysis.Histories;

namespace UpgradeWatch.Engine.Histories;

/// <summary>How a histogram is expected to move with the time of day, from what is usual for its quantiles.</summary>
internal static class LatencyGrowth
{
    private const double UsualChance = 0.1;

    /// <summary>
    /// By how much latency is expected to be larger than in the baseline, minute by minute, for the quantile that grows most.
    /// What is usual is what earlier days say: an accident in the hour before the upgrade is part of no rhythm. A rise that
    /// is usual at the hour is nobody's fault. That latency falls at this hour is expected only as far as nine of
    /// ten earlier moments bear it out: the count tests take it for certain, and not every day is like the last ones. Null
    /// where the time of day is not known to matter.
    /// </summary>
    /// <param name="quantiles">The histories of the quantiles.</param>
    /// <param name="firstMinute">The minute of their first value.</param>
    /// <param name="isBaseline">Whether a minute before the upgrade belongs to the baseline.</param>
    public static MinuteSeries? Of(IReadOnlyList<FrozenSeries> quantiles, long firstMinute, Func<long, bool> isBaseline)
    {
        float[]? most = null;
        var upgradedAt = 0L;
        foreach (var quantile in quantiles)
        {
            if (quantile.Reference is not { IsSeasonal: true, Growth: { } usual } state || MeanOf(quantile.Values, firstMinute, isBaseline) is not { } before) continue;
            var reference = SeriesReference.Restore(state);
            upgradedAt = state.UpgradedAt;
            most ??= new float[state.Expected.Length];
            for (var k = 0; k < most.Length; k++) most[k] = Math.Max(most[k], (float)Bearable(usual[k], reference.WidthAt(upgradedAt + k, UsualChance) / before));
        }

        return most is null ? null : new MinuteSeries(upgradedAt, most);
    }

    private static double Bearable(double growth, double width) => growth switch
    {
        >= 1 => growth,
        < 1 => Math.Min(1, growth + width),
        _ => 1,
    };

    private static double? MeanOf(float[] values, long firstMinute, Func<long, bool> isBaseline)
    {
        var before = values.Where((value, i) => float.IsFinite(value) && isBaseline(firstMinute + i)).Select(value => (double)value).DefaultIfEmpty().Average();
        return before > 0 ? before : null;
    }
}
