using CsCheck;
using UpgradeWatch.Analysis.Histograms;
using UpgradeWatch.Analysis.Numerics;

namespace UpgradeWatch.Analysis.Tests.Histograms;

public class QuantilesTests
{
    private static readonly double[] Bounds = [0.1, 0.2, 0.4, double.PositiveInfinity];

    /// <summary>
    /// Log-normal latencies with a median of 25 ms (sigma 0.5), as far as the default bounds of ASP.NET Core tell. The
    /// truth is 25 e^(0.5 z), z the quantile of the normal distribution: 1.6449 at 95 %, 2.3263 at 99 %.
    /// </summary>
    [Theory]
    [InlineData(0.5, 25.00)]
    [InlineData(0.9, 47.45)]
    [InlineData(0.95, 56.90)]
    [InlineData(0.99, 80.00)]
    public void Quantiles_of_log_normal_latencies_are_right_however_wide_the_buckets(double q, double truth)
    {
        double[] bounds = [5, 10, 25, 50, 75, 100, 250, 500, double.PositiveInfinity];
        var counts = Array.ConvertAll(bounds, bound => 1e6 * Gamma.Normal(2 * Math.Log(bound / 25)));

        Assert.InRange(Quantiles.At(counts, bounds, q), 0.999 * truth, 1.001 * truth);
        Assert.InRange(Quantiles.At([counts[1], counts[5], 1e6], [10, 100, double.PositiveInfinity], q), 0.999 * truth, 1.001 * truth);
    }

    [Theory]
    [InlineData(0.5, 0.1)]
    [InlineData(0.25, 0.05)]
    [InlineData(0.75, 0.2)]
    [InlineData(0.99, 0.4)]
    [InlineData(1, 0.4)]
    public void Bounds_are_where_their_counts_say_the_first_bucket_is_linear_and_beyond_the_last_bound_nothing_is_known(double q, double expected) =>
        Assert.Equal(expected, Quantiles.At([50, 75, 95, 100], Bounds, q), 12);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    public void An_hour_of_requests_has_the_quantiles_of_each_of_its_minutes(double q) =>
        Assert.Equal(Quantiles.At([20, 90, 100, 100], Bounds, q), Quantiles.At([1200, 5400, 6000, 6000], Bounds, q), 12);

    [Theory]
    [InlineData(1e-300)]
    [InlineData(0.5)]
    [InlineData(7)]
    [InlineData(1e15)]
    public void An_empty_bucket_on_either_side_leaves_the_quantile_inside_its_own(double events)
    {
        var median = Quantiles.At([0, events, events, events], Bounds, 0.5);
        Assert.InRange(median, 0.1, 0.2);
        Assert.InRange(median, Quantiles.At([0, events, events, events], Bounds, 0.05), Quantiles.At([0, events, events, events], Bounds, 0.95));
    }

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
