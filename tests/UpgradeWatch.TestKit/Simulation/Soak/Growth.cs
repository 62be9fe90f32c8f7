namespace UpgradeWatch.TestKit.Simulation.Soak;

/// <summary>Whether a course of numbers grows.</summary>
public static class Growth
{
    /// <summary>
    /// By what share of their median equally spaced numbers grow from the first to the last, along the median of the slopes
    /// between all pairs: single outliers do not move it (Theil 1950, Sen 1968, https://doi.org/10.1080/01621459.1968.10480934).
    /// </summary>
    /// <param name="numbers">At least two, above 0.</param>
    public static double Of(IReadOnlyList<double> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentOutOfRangeException.ThrowIfLessThan(numbers.Count, 2, nameof(numbers));
        List<double> slopes = [];
        for (var i = 0; i < numbers.Count; i++)
        {
            for (var j = i + 1; j < numbers.Count; j++) slopes.Add((numbers[j] - numbers[i]) / (j - i));
        }

        return Median(slopes) * (numbers.Count - 1) / Median([.. numbers]);
    }

    private static double Median(List<double> numbers)
    {
        numbers.Sort();
        return (numbers[(numbers.Count - 1) / 2] + numbers[numbers.Count / 2]) / 2;
    }
}
