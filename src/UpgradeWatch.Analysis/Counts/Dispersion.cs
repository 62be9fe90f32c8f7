using UpgradeWatch.Analysis.Histories;

namespace UpgradeWatch.Analysis.Counts;

/// <summary>
/// Learns how much more counts vary than independent events would, between two windows as long as the baseline.
/// An hour shows the fast part of it well and the slow part hardly; so everything that the blocks of the baseline leave
/// possible is kept with its probability (<see cref="RateNoise"/>), and what blocks of the history show, as long as the
/// baseline where there are enough of them, is weighed in.
/// </summary>
internal static class Dispersion
{
    /// <summary>Fewer contrasts than this say nothing about long blocks.</summary>
    private const int FewestOfHistory = 8;

    /// <summary>No more than this is believed of the history: it was not the hour before the upgrade.</summary>
    private const double MostOfHistory = 40;

    private static readonly int[] BlockLengths = [1, 4, 20, 60];

    /// <summary>What is known of the variance of counts as a multiple of that of independent events.</summary>
    /// <param name="events">Events for each step of the baseline.</param>
    /// <param name="exposures">What they are events of, for each step (1 for time).</param>
    /// <param name="usual">What is known of such rates in general.</param>
    /// <param name="stepSeconds">Length of a step in seconds; needed for the history alone.</param>
    /// <param name="history">The same from before the baseline, with steps of any length; null for none.</param>
    public static Overdispersion Estimate(ReadOnlySpan<double> events, ReadOnlySpan<double> exposures, NoisePrior usual, double stepSeconds = 1, EventSeries? history = null)
    {
        var seen = new List<(BlockContrasts Blocks, double Length)>();
        foreach (var length in BlockLengths)
        {
            if (BlockContrasts.Of(events, exposures, length) is { } blocks)
                seen.Add((blocks, length));
        }

        if (seen.Count == 0)
            return Overdispersion.None;

        var eventsPerStep = seen[0].Blocks.EventsPerStep;
        var (own, baseline) = (seen.Count, events.Length);
        if (history is not null)
            seen.AddRange(OfHistory(history, stepSeconds, baseline));

        // Only blocks as long as the baseline can tell whether the rate drifts for longer than that.
        var seesDrift = seen.Skip(own).Any(one => one.Length > 0.75 * baseline);
        return Weigh(RateNoise.All(Largest(events), usual, seesDrift), seen, eventsPerStep, baseline);
    }

    private static IEnumerable<(BlockContrasts Blocks, double Length)> OfHistory(EventSeries history, double stepSeconds, int baseline)
    {
        double[] events = Array.ConvertAll(history.Events, value => (double)value);
        double[] exposures = Array.ConvertAll(history.Exposures, value => (double)value);
        var scale = history.StepSeconds / stepSeconds;
        foreach (var steps in new[] { 20, 60, baseline })
        {
            var length = Math.Max(1, (int)Math.Round(steps / scale));
            if (events.Length / length > FewestOfHistory && BlockContrasts.Of(events, exposures, length) is { } blocks)
                yield return (blocks with { EventsPerStep = blocks.EventsPerStep / scale, Freedom = Math.Min(MostOfHistory, blocks.Freedom) }, length * scale);
        }
    }

    private static Overdispersion Weigh(List<RateNoise> noises, List<(BlockContrasts Blocks, double Length)> seen, double eventsPerStep, int baseline)
    {
        var factors = new double[noises.Count];
        var weights = new double[noises.Count];
        var growths = new Dictionary<(double Memory, double Length), double>();
        for (var i = 0; i < factors.Length; i++)
        {
            var noise = noises[i];
            factors[i] = noise.Factor(eventsPerStep, Growth(noise.Memory, baseline));
            weights[i] = Math.Log(noise.Prior);
            foreach (var (blocks, length) in seen)
            {
                // A mean square is its expectation times a chi-square over its degrees of freedom.
                var expected = noise.Factor(blocks.EventsPerStep, Growth(noise.Memory, length));
                weights[i] -= blocks.Freedom / 2 * (Math.Log(expected) + blocks.MeanSquare / expected);
            }
        }

        var largest = weights.Max();
        return Overdispersion.Grouped(factors, Array.ConvertAll(weights, weight => Math.Exp(weight - largest)));

        double Growth(double memory, double length)
        {
            if (!growths.TryGetValue((memory, length), out var growth))
                growths[(memory, length)] = growth = RateNoise.Growth(memory, length);
            return growth;
        }
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values)
            largest = Math.Max(largest, value);
        return largest;
    }
}
