using CsCheck;
using UpgradeWatch.Analysis.Histograms;

namespace UpgradeWatch.Analysis.Tests.Histograms;

public class QuantilesTests
{
    private static readonly double[] Bounds = [0.1, 0.2, 0.4, double.PositiveInfinity];

    [Theory]
    [InlineData(0.5, 0.1)]
    [InlineData(0.25, 0.05)]
    [InlineData(0.75, 0.2)]
    [InlineData(0.9, 0.35)]
    [InlineData(0.99, 0.4)]
    [InlineData(1, 0.4)]
    public void Quantiles_are_interpolated_as_Prometheus_does(double q, double expected) =>
        Assert.Equal(expected, Quantiles.At([50, 75, 95, 100], Bounds, q), 2);

    [Fact]
    public void No_events_and_no_finite_bound_have_no_quantile()
    {
        Assert.True(double.IsNaN(Quantiles.At([0, 0, 0, 0], Bounds, 0.5)));
        Assert.True(double.IsNaN(Quantiles.At([7], [double.PositiveInfinity], 0.5)));
        Assert.True(double.IsNaN(Quantiles.At([1, double.NaN, double.NaN, double.NaN], Bounds, 0.5)));
    }

    [Fact]
    public void Counts_that_do_not_fit_the_bounds_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Quantiles.At([1, 2], Bounds, 0.5));
        Assert.Contains("2 counts do not fit 4 bounds", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantiles.At([1, 2, 3, 4], Bounds, 1.5));
    }

    [Fact]
    public void A_larger_quantile_is_never_below_a_smaller_one() =>
        Gen.Double[0, 1e6].Array[4].Select(Gen.Double[0, 1], Gen.Double[0, 1]).Sample((counts, first, second) =>
        {
            Array.Sort(counts);
            if (counts[^1] == 0)
                return true;
            var (low, high) = (Math.Min(first, second), Math.Max(first, second));
            return Quantiles.At(counts, Bounds, low) <= Quantiles.At(counts, Bounds, high);
        });
}
