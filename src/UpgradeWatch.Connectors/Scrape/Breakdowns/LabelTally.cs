using UpgradeWatch.Connectors.Scrape.Series;

namespace UpgradeWatch.Connectors.Scrape.Breakdowns;

/// <summary>What one series gained in the newest blocks of steps.</summary>
internal sealed class LabelTally(ScrapedSeries series, int blocks)
{
    private readonly float[] _counts = new float[blocks];
    private long _newest = long.MinValue;

    /// <summary>Name of its metric.</summary>
    public string Metric { get; } = series.Metric.Name;

    /// <summary>Its labels.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; } = series.Labels;

    /// <summary>Adds to a block; blocks come in ascending order, or the clock was set back and what lies ahead counts no more.</summary>
    public void Add(long block, double increment)
    {
        if (block != _newest) Move(block);
        _counts[Slot(block)] += (float)increment;
    }

    /// <summary>Sum over blocks, both included.</summary>
    public double Sum(long first, long last)
    {
        var sum = 0.0;
        for (var block = Math.Max(first, _newest - _counts.Length + 1); block <= Math.Min(last, _newest); block++) sum += _counts[Slot(block)];
        return sum;
    }

    /// <summary>Whether nothing of it is held at a block any more.</summary>
    public bool IsOver(long block) => block - _newest >= _counts.Length;

    private void Move(long block)
    {
        if (block < _newest || block - _newest >= _counts.Length || _newest == long.MinValue) Array.Clear(_counts);
        else for (var passed = _newest + 1; passed <= block; passed++) _counts[Slot(passed)] = 0;
        _newest = block;
    }

    private int Slot(long block) => (int)(((block % _counts.Length) + _counts.Length) % _counts.Length);
}
