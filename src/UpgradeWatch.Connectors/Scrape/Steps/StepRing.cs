namespace UpgradeWatch.Connectors.Scrape.Steps;

/// <summary>The newest steps of one target. Not safe for concurrent use.</summary>
internal sealed class StepRing(int capacity)
{
    private readonly int[] _up = new int[capacity];
    private readonly int[] _down = new int[capacity];
    private readonly int[] _samples = new int[capacity];
    private readonly bool[] _started = new bool[capacity];
    private readonly Dictionary<string, SignalRing> _signals = [];

    /// <summary>The first step that is held; meaningless while <see cref="IsEmpty"/>.</summary>
    public long First { get; private set; }

    /// <summary>The last step that is held.</summary>
    public long Last { get; private set; }

    /// <summary>Whether it holds nothing yet.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>The signals by key.</summary>
    public IReadOnlyDictionary<string, SignalRing> Signals => _signals;

    /// <summary>Makes a step the newest one. Steps that were passed over are gaps; when the clock was set back, what lies ahead is dropped.</summary>
    public int MoveTo(long step)
    {
        if (IsEmpty) First = step;

        var from = IsEmpty || step < Last ? step
            : Math.Max(Last + 1, step - capacity + 1);
        var to = IsEmpty ? step : Math.Min(Math.Max(step, Last), from + capacity - 1);
        for (var cleared = from; cleared <= to; cleared++) Clear(Slot(cleared));

        First = step < First ? step : Math.Max(First, step - capacity + 1);
        Last = step;
        IsEmpty = false;
        return Slot(step);
    }

    /// <summary>Sets what is known of the instance in a step.</summary>
    public void SetUp(int slot, int up, int down)
    {
        _up[slot] = up;
        _down[slot] = down;
    }

    /// <summary>Adds what a scrape brought to a step.</summary>
    public void AddScrape(int slot, int samples, bool started)
    {
        _samples[slot] += samples;
        _started[slot] |= started;
    }

    /// <summary>The steps of a signal, made when they are not there.</summary>
    public SignalRing Signal(string key)
    {
        if (!_signals.TryGetValue(key, out var signal)) _signals.Add(key, signal = new SignalRing(capacity));
        return signal;
    }

    /// <summary>Slot of a step that is held.</summary>
    public int Slot(long step) => (int)(((step % capacity) + capacity) % capacity);

    /// <summary>Copies one step that is held, without its signals.</summary>
    public (int Up, int Down, bool Started, int Samples) At(int slot) => (_up[slot], _down[slot], _started[slot], _samples[slot]);

    private void Clear(int slot)
    {
        _up[slot] = -1;
        _down[slot] = 0;
        _samples[slot] = 0;
        _started[slot] = false;
        foreach (var signal in _signals.Values) signal.Clear(slot);
    }
}
