using CsCheck;
using UpgradeWatch.Analysis.Histories;

namespace UpgradeWatch.Analysis.Tests.Histories;

public class ScratchTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.1, 1)]
    [InlineData(0.25, 1.75)]
    [InlineData(0.5, 3.5)]
    [InlineData(0.9, 6.9)]
    [InlineData(1, 9)]
    public void Quantiles_are_those_of_type_7(double q, double expected)
    {
        // quantile(c(3, 1, 4, 1, 5, 9, 2, 6), q) in R, whose default is type 7.
        var scratch = new Scratch();
        scratch.TakeAll([3, 1, 4, 1, 5, 9, 2, 6]);
        Assert.Equal(expected, scratch.Quantile(q), 12);
    }

    [Fact]
    public void A_quantile_is_that_of_the_sorted_values() =>
        Gen.Select(Gen.OneOf(Gen.Double[-5, 5], Gen.Int[0, 3].Select(i => (double)i)).Array[1, 3000], Gen.Double[0, 1]).Sample((values, q) =>
        {
            var scratch = new Scratch();
            scratch.TakeAll(values);
            double[] sorted = [.. values.Order()];
            var place = q * (sorted.Length - 1);
            var below = (int)place;
            var expected = sorted[below] + (place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
            return Math.Abs(scratch.Quantile(q) - expected) <= 1e-12;
        }, iter: 200);

    [Fact]
    public void Gaps_are_left_out_and_nothing_has_no_median()
    {
        var scratch = new Scratch();
        Assert.True(double.IsNaN(scratch.Median()));
        scratch.TakeAll([double.NaN, 2, double.NaN, 4]);
        Assert.Equal(3, scratch.Median());
        Assert.Equal(1.4826, scratch.MadN(3), 12);
    }

    [Fact]
    public void The_newest_values_are_found_across_gaps_of_up_to_a_day()
    {
        var values = Enumerable.Repeat(double.NaN, 3000).ToArray();
        (values[100], values[1600], values[1601]) = (1, 2, 4);
        var scratch = new Scratch();
        scratch.TakeBefore(values, 3000, 60);
        Assert.Equal((2, 3.0), (scratch.Count, scratch.Median()));
        scratch.TakeBefore(values, 1602, 1);
        Assert.Equal((1, 4.0), (scratch.Count, scratch.Median()));
        scratch.TakeBefore(values, 100, 60);
        Assert.Equal(0, scratch.Count);
    }
}
