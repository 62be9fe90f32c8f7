namespace UpgradeWatch.Analysis.Numerics;

/// <summary>Location and spread that a few wild values cannot move. NaN for no values; the input must not hold NaN.</summary>
internal static class Robust
{
    /// <summary>Makes the median absolute deviation estimate the standard deviation of normal data.</summary>
    private const double NormalConsistency = 1.4826;

    /// <summary>The median; the mean of the two middle values for an even number of them.</summary>
    public static double Median(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return double.NaN;

        var sorted = values.ToArray();
        Array.Sort(sorted);
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
    }

    /// <summary>1.4826 times the median absolute deviation from <paramref name="center"/>.</summary>
    public static double MadN(ReadOnlySpan<double> values, double center)
    {
        var deviations = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
            deviations[i] = Math.Abs(values[i] - center);
        return NormalConsistency * Median(deviations);
    }

    /// <summary>The median of |v(t) - v(t-1)|; 0 for fewer than two values.</summary>
    public static double MedianStep(ReadOnlySpan<double> values)
    {
        if (values.Length < 2)
            return 0;

        var steps = new double[values.Length - 1];
        for (var i = 0; i < steps.Length; i++)
            steps[i] = Math.Abs(values[i + 1] - values[i]);
        return Median(steps);
    }
}
