namespace UpgradeWatch.Analysis.Histories;

/// <summary>Means over any stretch of a series in constant time; gaps are left out.</summary>
internal sealed class RunningSums
{
    private readonly double[] _sums;
    private readonly int[] _counts;

    public RunningSums(ReadOnlySpan<double> values)
        : this(values.Length)
    {
        foreach (var value in values)
            Add(value);
    }

    /// <param name="capacity">Most values that will be added.</param>
    public RunningSums(int capacity)
    {
        _sums = new double[capacity + 1];
        _counts = new int[capacity + 1];
    }

    /// <summary>How many values were added, gaps included.</summary>
    public int Length { get; private set; }

    public void Clear() => Length = 0;

    public void Add(double value)
    {
        var isGap = double.IsNaN(value);
        _sums[Length + 1] = _sums[Length] + (isGap ? 0 : value);
        _counts[Length + 1] = _counts[Length] + (isGap ? 0 : 1);
        Length++;
    }

    /// <summary>The mean from an index up to, without, another; NaN when under half of it is there.</summary>
    public double Mean(int from, int until)
    {
        var count = _counts[until] - _counts[from];
        return count == 0 || 2 * count < until - from ? double.NaN : (_sums[until] - _sums[from]) / count;
    }
}
