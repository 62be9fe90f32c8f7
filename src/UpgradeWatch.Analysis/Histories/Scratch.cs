namespace UpgradeWatch.Analysis.Histories;

/// <summary>Medians and quantiles over reused memory: a reference takes tens of thousands of them.</summary>
internal sealed class Scratch
{
    /// <summary>Makes the median absolute deviation estimate the standard deviation of normal data.</summary>
    private const double NormalConsistency = 1.4826;

    private double[] _values = new double[1024];
    private int _count;

    public int Count => _count;

    public void Clear() => _count = 0;

    /// <summary>Takes a value; NaN is left out.</summary>
    public void Add(double value)
    {
        if (double.IsNaN(value))
            return;
        if (_count == _values.Length)
            Array.Resize(ref _values, 2 * _count);
        _values[_count++] = value;
    }

    /// <summary>Takes these values in place of those it had.</summary>
    public void TakeAll(double[] values)
    {
        Clear();
        foreach (var value in values)
            Add(value);
    }

    /// <summary>Takes the newest values before an index: so many, reaching further back over gaps, at most a day.</summary>
    public void TakeBefore(double[] values, int index, int wanted)
    {
        const int Furthest = 1440;
        Clear();
        for (var t = index - 1; t >= 0 && t >= index - Furthest && _count < wanted; t--)
            Add(values[t]);
    }

    /// <summary>The median; NaN for no values.</summary>
    public double Median() => Quantile(0.5);

    /// <summary>1.4826 times the median absolute deviation from a centre. Replaces the values by their deviations.</summary>
    public double MadN(double center)
    {
        for (var i = 0; i < _count; i++)
            _values[i] = Math.Abs(_values[i] - center);
        return NormalConsistency * Median();
    }

    /// <summary>A quantile with linear interpolation (type 7 of Hyndman and Fan, 1996); NaN for no values.</summary>
    public double Quantile(double q)
    {
        if (_count == 0)
            return double.NaN;

        var values = _values.AsSpan(0, _count);
        var place = q * (_count - 1);
        var below = (int)place;
        var lower = Select(values, below);
        if (place == below)
            return lower;

        // After the selection everything above the place is at least as large.
        var upper = double.PositiveInfinity;
        for (var i = below + 1; i < values.Length; i++)
            upper = Math.Min(upper, values[i]);
        return lower + (place - below) * (upper - lower);
    }

    /// <summary>Hoare's selection: puts the k-th smallest value into its place, smaller ones before it.</summary>
    private static double Select(Span<double> values, int k)
    {
        var (low, high) = (0, values.Length - 1);
        while (low < high)
        {
            var pivot = values[low + (high - low) / 2];
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (values[i] < pivot)
                    i++;
                while (values[j] > pivot)
                    j--;
                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }

            if (k <= j)
                high = j;
            else if (k >= i)
                low = i;
            else
                break;
        }

        return values[k];
    }
}
