using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Scrape.Steps;

/// <summary>Puts consecutive steps together out of the ring and of kept blocks; what neither has is a gap.</summary>
internal sealed class StepWindow
{
    private readonly double _stepSeconds;
    private readonly long _first;
    private readonly int _count;
    private readonly int[] _up;
    private readonly int[] _down;
    private readonly bool[] _started;
    private readonly Dictionary<string, SignalRing> _signals;
    private long _samples;

    /// <summary>An empty window.</summary>
    /// <param name="stepSeconds">Length of a step in seconds.</param>
    /// <param name="first">First step.</param>
    /// <param name="last">Last step, included.</param>
    /// <param name="keys">Keys of the signals that are wanted.</param>
    public StepWindow(double stepSeconds, long first, long last, IEnumerable<string> keys)
    {
        _stepSeconds = stepSeconds;
        _first = first;
        _count = (int)(last - first + 1);
        _up = new int[_count];
        _down = new int[_count];
        _started = new bool[_count];
        _signals = keys.Distinct().ToDictionary(key => key, _ => new SignalRing(_count));
        Array.Fill(_up, -1);
    }

    /// <summary>Takes what a ring has.</summary>
    public void Add(StepRing ring)
    {
        if (ring.IsEmpty) return;

        var sources = _signals.Where(wanted => ring.Signals.ContainsKey(wanted.Key)).Select(wanted => (From: ring.Signals[wanted.Key], To: wanted.Value)).ToList();
        for (var step = Math.Max(_first, ring.First); step <= Math.Min(_first + _count - 1, ring.Last); step++)
        {
            var slot = ring.Slot(step);
            var at = (int)(step - _first);
            (_up[at], _down[at], _started[at], var samples) = ring.At(slot);
            _samples += samples;
            foreach (var (from, to) in sources) Copy(from, slot, to, at);
        }
    }

    /// <summary>Takes what a kept block has; one with steps of another length is left out.</summary>
    public void Add(StepBlock block)
    {
        if (Math.Abs(block.StepSeconds - _stepSeconds) > 1e-9) return;

        var taken = 0;
        for (var index = 0; index < block.Count; index++)
        {
            var at = block.FirstStep + index - _first;
            if (at < 0 || at >= _count) continue;

            taken++;
            (_up[at], _down[at], _started[at]) = (block.Up[index], block.Down[index], block.Started[index]);
            foreach (var (key, to) in _signals)
            {
                if (block.Signals.TryGetValue(key, out var from)) Copy(from, index, to, (int)at);
            }
        }

        if (block.Count > 0) _samples += block.Samples * taken / block.Count;
    }

    /// <summary>The window as a block for a plan.</summary>
    /// <param name="signals">Its signals, by the keys of their steps.</param>
    /// <param name="failureOf">Why the signal of a key cannot be read; null when it can.</param>
    public StepBlock Build(IEnumerable<(SignalDefinition Signal, string Key)> signals, Func<string, SourceFailure?> failureOf)
    {
        var named = new Dictionary<string, SignalSteps>();
        foreach (var (signal, key) in signals)
        {
            _signals[key].Shape(signal);
            named.Add(signal.Name, Steps(_signals[key]) with { Failure = failureOf(key) });
        }

        return Build(named);
    }

    /// <summary>The window as a block to be kept.</summary>
    public StepBlock BuildKept() => Build(_signals.ToDictionary(signal => signal.Key, signal => Steps(signal.Value)));

    private StepBlock Build(IReadOnlyDictionary<string, SignalSteps> signals) => new()
    {
        StepSeconds = _stepSeconds,
        FirstStep = _first,
        Count = _count,
        Up = _up,
        Down = _down,
        Started = _started,
        Samples = _samples,
        Signals = signals,
    };

    private static void Copy(SignalRing from, int slot, SignalRing to, int at)
    {
        if (from.All is not null && from.Bad is not null) to.AddEvents(at, from.All[slot], from.Bad[slot]);
        if (from.Values is not null) to.SetValue(at, from.Values[slot]);
        if (from.Rows is not null) to.AddRow(at, from.Rows[slot]);
    }

    private static void Copy(SignalSteps from, int index, SignalRing to, int at)
    {
        if (from.All is not null) to.AddEvents(at, from.All[index], from.Bad?[index] ?? double.NaN);
        if (from.Values is not null) to.SetValue(at, from.Values[index]);
        if (from.Buckets is null) return;

        double[] counts = [.. from.Buckets.Select(bucket => bucket[index])];
        to.AddRow(at, counts.Length == 0 || counts.Any(double.IsNaN) ? null : new BucketRow(from.Bounds, counts));
    }

    private SignalSteps Steps(SignalRing signal)
    {
        var bounds = signal.Rows?.OfType<BucketRow>().Select(row => row.Bounds).DefaultIfEmpty([]).Aggregate(BucketRow.Common) ?? [];
        return new SignalSteps
        {
            All = signal.All,
            Bad = signal.Bad,
            Values = signal.Values,
            Bounds = bounds,
            Buckets = signal.Rows is null ? null : [.. bounds.Select(bound => Column(signal.Rows, bound))],
        };
    }

    private double[] Column(BucketRow?[] rows, double bound)
    {
        var column = new double[_count];
        for (var at = 0; at < _count; at++) column[at] = rows[at]?.At(bound) ?? double.NaN;
        return column;
    }
}
