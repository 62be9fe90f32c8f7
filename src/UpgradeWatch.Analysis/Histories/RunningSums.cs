namespace UpgradeWatch.Analysis.Histories;

/// <summary>
/// Means over any stretch of a series in constant time; gaps are left out. What each sum loses to rounding is kept
/// beside it, so that one value like 2^64 (a counter that fell below 0) does not blur all that come after it.
/// </summary>
internal sealed class RunningSums
{
    private readonly double[] _sums;
    private readonly double[] _lost;
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
        _lost = new double[capacity + 1];
        _counts = new int[capacity + 1];
    }

    /// <summary>How many values were added, gaps included.</summary>
    public int Length { get; private set; }

    public void Clear() => Length = 0;

    public void Add(double value)
    {
        var isGap = double.IsNaN(value);
        var (before, added) = (_sums[Length], isGap ? 0 : value);
        var sum = before + added;

        // Knuth, The Art of Computer Programming, volume 2, 4.2.2: exact whichever is the larger.
        var kept = sum - before;
        _lost[Length + 1] = _lost[Length] + (before - (sum - kept)) + (added - kept);
        _sums[Length + 1] = sum;
        _counts[Length + 1] = _counts[Length] + (isGap ? 0 : 1);
        Length++;
    }

    /// <summary>The mean from an index up to, without, another; NaN when under half of it is there.</summary>
    public double Mean(int from, int until)
    {
        var count = _counts[until] - _counts[from];
        return count == 0 || 2 * count < until - from ? double.NaN : (_sums[until] - _sums[from] + (_lost[until] - _lost[from])) / count;
    }
}
