using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Engine.Watches;

/// <summary>Cutting and looking at blocks of steps.</summary>
internal static class StepBlocks
{
    /// <summary>Whether a step has no sample of any signal although an instance was up: only then can a late sample be missing.</summary>
    public static bool IsGap(StepBlock block, int index)
    {
        if (block.Up[index] == 0) return false;
        foreach (var signal in block.Signals.Values)
        {
            if (signal.Failure is not null || Has(signal.All, index) || Has(signal.Values, index) || Has(signal.Buckets?.LastOrDefault(), index)) return false;
        }

        return true;
    }

    /// <summary>A block without the steps of a range: nothing, one piece or two.</summary>
    public static IEnumerable<StepBlock> Without(StepBlock block, long first, long last)
    {
        var blockLast = block.FirstStep + block.Count - 1;
        if (last < block.FirstStep || first > blockLast)
        {
            yield return block;
            yield break;
        }

        if (first > block.FirstStep) yield return Slice(block, 0, (int)(first - block.FirstStep));
        if (last < blockLast) yield return Slice(block, (int)(last + 1 - block.FirstStep), (int)(blockLast - last));
    }

    /// <summary>Blocks of one step each.</summary>
    public static IEnumerable<StepBlock> OneByOne(StepBlock block) => Enumerable.Range(0, block.Count).Select(index => Slice(block, index, 1));

    /// <summary>A block in which some signals are taken from another one where that has steps: one to three pieces.</summary>
    public static IEnumerable<StepBlock> Mend(StepBlock block, StepBlock again, IReadOnlyCollection<string> signals)
    {
        var first = Math.Max(block.FirstStep, again.FirstStep);
        var last = Math.Min(block.FirstStep + block.Count, again.FirstStep + again.Count) - 1;
        if (first > last) return [block];
        var (mended, source) = (Slice(block, (int)(first - block.FirstStep), (int)(last - first + 1)), Slice(again, (int)(first - again.FirstStep), (int)(last - first + 1)));
        mended = mended with { Signals = mended.Signals.ToDictionary(s => s.Key, s => signals.Contains(s.Key) && s.Value.Failure is not null ? source.Signals[s.Key] : s.Value) };
        return [.. Without(block, first, last).Append(mended).OrderBy(piece => piece.FirstStep)];
    }

    private static StepBlock Slice(StepBlock block, int start, int count) => block with
    {
        FirstStep = block.FirstStep + start,
        Count = count,
        Up = block.Up[start..(start + count)],
        Down = block.Down[start..(start + count)],
        Started = block.Started[start..(start + count)],
        Blind = block.Blind?[start..(start + count)],
        Signals = block.Signals.ToDictionary(s => s.Key, s => Slice(s.Value, start, count)),
    };

    private static SignalSteps Slice(SignalSteps signal, int start, int count) => signal with
    {
        All = signal.All?[start..(start + count)],
        PerSecond = signal.PerSecond?[start..(start + count)],
        Bad = signal.Bad?[start..(start + count)],
        Values = signal.Values?[start..(start + count)],
        Buckets = signal.Buckets is null ? null : [.. signal.Buckets.Select(counts => counts[start..(start + count)])],
    };

    private static bool Has(double[]? values, int index) => values is not null && !double.IsNaN(values[index]);
}
