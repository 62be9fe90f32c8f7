namespace UpgradeWatch.Connectors.Scrape.Steps;

/// <summary>A histogram in one step.</summary>
/// <param name="Bounds">Upper bounds in seconds, ascending; steps with the same bounds share the array.</param>
/// <param name="Counts">Cumulative counts.</param>
internal sealed record BucketRow(double[] Bounds, double[] Counts)
{
    /// <summary>Both added up, on the bounds that both have.</summary>
    public static BucketRow Add(BucketRow first, BucketRow second)
    {
        var bounds = Common(first.Bounds, second.Bounds);
        return new BucketRow(bounds, [.. bounds.Select(bound => first.At(bound) + second.At(bound))]);
    }

    /// <summary>Bounds that both lists have; the first list itself when they are equal.</summary>
    public static double[] Common(double[] first, double[] second) =>
        ReferenceEquals(first, second) || first.AsSpan().SequenceEqual(second) ? first : [.. first.Intersect(second)];

    /// <summary>The count at a bound that it has.</summary>
    public double At(double bound) => Counts[Array.BinarySearch(Bounds, bound)];
}
