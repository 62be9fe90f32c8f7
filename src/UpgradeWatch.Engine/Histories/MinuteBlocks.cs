using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Engine.Histories;

/// <summary>Puts steps that are shorter than a minute together to minutes.</summary>
internal static class MinuteBlocks
{
    /// <summary>
    /// A block with a step for each minute that a step of the other ends in: events are added, gauges and rates averaged, and
    /// a minute with samples in fewer than half of its steps is a gap. Steps of a minute or more stay as they are.
    /// </summary>
    public static StepBlock Of(StepBlock block)
    {
        if (block.StepSeconds >= HistoryPlan.MinuteSeconds || block.Count == 0) return block;
        var first = HistoryPlan.MinuteOf(block.FirstStep, block.StepSeconds);
        var count = (int)(HistoryPlan.MinuteOf(block.FirstStep + block.Count - 1, block.StepSeconds) - first) + 1;
        var place = new int[block.Count];
        for (var i = 0; i < place.Length; i++) place[i] = (int)(HistoryPlan.MinuteOf(block.FirstStep + i, block.StepSeconds) - first);
        var fewest = HistoryPlan.MinuteSeconds / block.StepSeconds / 2;
        double[]? Join(double[]? values, bool average) => values is null ? null : Joined(values, place, count, fewest, average);
        double[]? Rates(double[]? events) => events is null ? null
            : WhereKnown(Join(events, average: false)!, Joined(RatesOf(events, block.StepSeconds), place, count, fewest: 0, average: true));
        return block with
        {
            StepSeconds = HistoryPlan.MinuteSeconds,
            FirstStep = first,
            Count = count,
            Up = new int[count],
            Down = new int[count],
            Started = new bool[count],
            Blind = null,
            Signals = block.Signals.ToDictionary(pair => pair.Key, pair => pair.Value with
            {
                All = Join(pair.Value.All, average: false),
                PerSecond = Rates(pair.Value.All),
                Bad = Join(pair.Value.Bad, average: false),
                Values = Join(pair.Value.Values, average: true),
                Buckets = pair.Value.Buckets?.Select(counts => Join(counts, average: false)!).ToArray(),
            }),
        };
    }

    // A step is longer or shorter than its share of a minute, so that events over 60 s would be too many or too few. A
    // counter goes on while nobody looks: the first step after a gap may hold the events of all of it, and is left out.
    private static double[] RatesOf(double[] events, double stepSeconds) =>
        [.. events.Select((seen, i) => i > 0 && !double.IsFinite(events[i - 1]) ? double.NaN : seen / stepSeconds)];

    private static double[] WhereKnown(double[] sums, double[] rates) => [.. rates.Select((rate, minute) => double.IsNaN(sums[minute]) ? double.NaN : rate)];

    private static double[] Joined(double[] values, int[] place, int count, double fewest, bool average)
    {
        var sums = new double[count];
        var samples = new int[count];
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i])) continue;
            sums[place[i]] += values[i];
            samples[place[i]]++;
        }

        for (var minute = 0; minute < count; minute++)
        {
            if (samples[minute] == 0 || samples[minute] < fewest) sums[minute] = double.NaN;
            else if (average) sums[minute] /= samples[minute];
        }

        return sums;
    }
}
