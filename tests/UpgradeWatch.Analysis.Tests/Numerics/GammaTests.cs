using CsCheck;
using UpgradeWatch.Analysis.Numerics;

namespace UpgradeWatch.Analysis.Tests.Numerics;

/// <summary>Against the tables of Abramowitz and Stegun, Handbook of Mathematical Functions (1964).</summary>
public class GammaTests
{
    [Theory]
    [InlineData(1.000, 1.0000000000)]
    [InlineData(1.250, 0.9064024771)]
    [InlineData(1.500, 0.8862269255)]
    [InlineData(1.750, 0.9190625268)]
    public void The_gamma_function_of_table_6_1(double x, double expected) => Assert.Equal(expected, Math.Exp(Gamma.Log(x)), 1e-9);

    [Theory]
    [InlineData(100, 359.1342053696)]
    [InlineData(1000, 5905.220423209)]
    public void The_logarithms_of_large_factorials(double x, double expected) => Assert.Equal(expected, Gamma.Log(x), 8);

    [Theory]
    [InlineData(1, 10, 4.96, 0.95)]
    [InlineData(4, 10, 3.48, 0.95)]
    [InlineData(10, 10, 2.98, 0.95)]
    [InlineData(5, 20, 2.71, 0.95)]
    [InlineData(5, 10, 5.64, 0.99)]
    [InlineData(10, 30, 2.98, 0.99)]
    public void The_percentage_points_of_F_of_table_26_9_by_the_incomplete_beta_function(double one, double two, double f, double probability) =>
        Assert.Equal(probability, Gamma.RegularizedBeta(one * f / (one * f + two), one / 2, two / 2), 0.0006);

    [Theory]
    [InlineData(0.95, 1.6448536)]
    [InlineData(0.975, 1.9599640)]
    [InlineData(0.99, 2.3263479)]
    [InlineData(0.999, 3.0902323)]
    [InlineData(0.25, -0.6744898)]
    public void The_percentage_points_of_the_normal_distribution_of_table_26_5(double probability, double expected)
    {
        Assert.Equal(expected, Gamma.NormalQuantile(probability), 5e-5);
        Assert.Equal(probability, Gamma.Normal(expected), 2e-7);
    }

    [Fact]
    public void The_quantile_goes_back_to_the_probability() =>
        Gen.Double[1e-5, 1 - 1e-5].Sample(probability => Math.Abs(Gamma.Normal(Gamma.NormalQuantile(probability)) - probability) < 1e-6);

    [Fact]
    public void Both_tails_of_the_incomplete_beta_function_are_one() =>
        Gen.Select(Gen.Double[0.01, 1e5], Gen.Double[0.01, 1e5], Gen.Double[0.001, 0.999])
            .Sample((a, b, x) => Math.Abs(Gamma.RegularizedBeta(x, a, b) + Gamma.RegularizedBeta(1 - x, b, a) - 1) < 1e-6);
}
