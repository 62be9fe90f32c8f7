using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Storage.Steps;

/// <summary>Cuts and joins blocks of steps.</summary>
internal static class StepBlocks
{
    /// <summary>The index of the last step.</summary>
    public static long LastStep(this StepBlock block) => block.FirstStep + block.Count - 1;

    /// <summary>When a step of the block ends.</summary>
    public static DateTimeOffset EndOf(this StepBlock block, long step) => DateTimeOffset.UnixEpoch.AddSeconds(step * block.StepSeconds);

    /// <summary>The steps from <paramref name="first"/> to <paramref name="last"/>, both included, that the block has; null for none.</summary>
    public static StepBlock? Slice(StepBlock block, long first, long last)
    {
        first = Math.Max(first, block.FirstStep);
        last = Math.Min(last, block.LastStep());
        if (first > last) return null;
        if (first == block.FirstStep && last == block.LastStep()) return block;
        var from = (int)(first - block.FirstStep);
        var cut = new Range(from, from + (int)(last - first) + 1);
        var count = cut.End.Value - cut.Start.Value;
        return block with
        {
            FirstStep = first,
            Count = count,
            Up = block.Up[cut],
            Down = block.Down[cut],
            Started = block.Started[cut],
            Samples = block.Samples * count / block.Count,
            Signals = block.Signals.ToDictionary(pair => pair.Key, pair => Slice(pair.Value, cut)),
        };
    }

    /// <summary>Whether a block begins where another ends and has the same signals and bounds, so that both can be one.</summary>
    public static bool CanJoin(StepBlock earlier, StepBlock later) =>
        earlier.StepSeconds == later.StepSeconds
        && earlier.LastStep() + 1 == later.FirstStep
        && earlier.Signals.Count == later.Signals.Count
        && earlier.Signals.All(pair => later.Signals.TryGetValue(pair.Key, out var other) && SameShape(pair.Value, other));

    /// <summary>One block of two for which <see cref="CanJoin"/> holds.</summary>
    public static StepBlock Join(StepBlock earlier, StepBlock later) => earlier with
    {
        Count = earlier.Count + later.Count,
        Up = [.. earlier.Up, .. later.Up],
        Down = [.. earlier.Down, .. later.Down],
        Started = [.. earlier.Started, .. later.Started],
        Samples = earlier.Samples + later.Samples,
        Signals = earlier.Signals.ToDictionary(pair => pair.Key, pair => Join(pair.Value, later.Signals[pair.Key])),
    };

    private static SignalSteps Slice(SignalSteps signal, Range cut) => signal with
    {
        All = signal.All?[cut],
        Bad = signal.Bad?[cut],
        Values = signal.Values?[cut],
        Buckets = signal.Buckets is null ? null : Array.ConvertAll(signal.Buckets, bucket => bucket[cut]),
    };

    private static SignalSteps Join(SignalSteps earlier, SignalSteps later) => earlier with
    {
        All = Join(earlier.All, later.All),
        Bad = Join(earlier.Bad, later.Bad),
        Values = Join(earlier.Values, later.Values),
        Buckets = earlier.Buckets?.Zip(later.Buckets!, (a, b) => Join(a, b)!).ToArray(),
    };

    private static double[]? Join(double[]? earlier, double[]? later) => earlier is null ? null : [.. earlier, .. later!];

    private static bool SameShape(SignalSteps a, SignalSteps b) =>
        a.Failure == b.Failure
        && (a.All is null) == (b.All is null)
        && (a.Bad is null) == (b.Bad is null)
        && (a.Values is null) == (b.Values is null)
        && a.Buckets?.Length == b.Buckets?.Length
        && a.Bounds.AsSpan().SequenceEqual(b.Bounds);
}
