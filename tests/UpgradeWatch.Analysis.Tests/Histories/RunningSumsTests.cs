using UpgradeWatch.Analysis.Histories;

namespace UpgradeWatch.Analysis.Tests.Histories;

public class RunningSumsTests
{
    [Fact]
    public void A_mean_needs_half_of_its_values()
    {
        var sums = new RunningSums([1, double.NaN, 3, double.NaN, double.NaN, 8]);
        Assert.Equal(2, sums.Mean(0, 3));
        Assert.Equal(2, sums.Mean(0, 4));
        Assert.True(double.IsNaN(sums.Mean(0, 5)));
        Assert.True(double.IsNaN(sums.Mean(3, 5)));
        Assert.True(double.IsNaN(sums.Mean(2, 2)));
        Assert.Equal(8, sums.Mean(5, 6));
    }

    [Fact]
    public void One_huge_value_does_not_blur_those_after_it()
    {
        double[] values = [5, 7, Math.Pow(2, 64), -Math.Pow(2, 64), 5, 7, 6, 1e30, 5, 7, 6];
        var sums = new RunningSums(values);
        Assert.Equal(6, sums.Mean(4, 7), 9);
        Assert.Equal(6, sums.Mean(8, 11), 9);
        Assert.Equal(6, sums.Mean(0, 2), 9);
    }
}
