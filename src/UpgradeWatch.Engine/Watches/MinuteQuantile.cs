using UpgradeWatch.Analysis.Histograms;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Watches;

/// <summary>
/// A quantile over the last minute, step by step. The history is made of quantiles of whole minutes, and that of a few
/// requests is not where that of many is: what is compared must be taken over the same time.
/// </summary>
internal sealed class MinuteQuantile(SliDefinition sli, double stepSeconds)
{
    private readonly Queue<(long Step, double[] Counts)> _counts = new();
    private double[] _bounds = [];

    /// <summary>The next step; a step without samples is a gap as it is.</summary>
    public StepSample Next(StepBlock block, int index, StepState state)
    {
        var step = block.FirstStep + index;
        if (!block.Signals.TryGetValue(sli.Signal, out var signal) || signal.Failure is not null || SliReader.Column(signal, index) is not { } column || column.Any(double.IsNaN))
            return new StepSample(step, state, double.NaN, double.NaN);

        if (!_bounds.AsSpan().SequenceEqual(signal.Bounds)) _counts.Clear();
        _bounds = signal.Bounds;
        while (_counts.TryPeek(out var oldest) && (step - oldest.Step) * stepSeconds >= HistoryPlan.MinuteSeconds) _counts.Dequeue();
        if (!state.Counts())
        {
            // The requests of a cold start must not reach into the minutes that count.
            _counts.Clear();
            return SampleOf(step, state, column);
        }

        _counts.Enqueue((step, column));
        var sum = new double[column.Length];
        foreach (var (_, counts) in _counts)
        {
            for (var bound = 0; bound < sum.Length; bound++) sum[bound] += counts[bound];
        }

        return SampleOf(step, state, sum);
    }

    private StepSample SampleOf(long step, StepState state, double[] counts) =>
        new(step, counts[^1] == 0 ? state | StepState.Idle : state, Quantiles.At(counts, _bounds, sli.Quantile!.Value), double.NaN);
}
