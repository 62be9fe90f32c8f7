using UpgradeWatch.Analysis.Counts;

namespace UpgradeWatch.Analysis.Tests.Counts;

public class ClumpingTests
{
    private static double FactorOf(params double[] events)
    {
        var clumping = new Clumping();
        foreach (var count in events)
            clumping.Add(count, 100);
        return clumping.Factor;
    }

    [Fact]
    public void Events_that_come_one_by_one_are_independent() => Assert.Equal(1, FactorOf(0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1));

    [Fact]
    public void Clumps_of_ten_vary_several_times_as_much() =>
        Assert.InRange(FactorOf(0, 0, 10, 0, 0, 0, 10, 0, 0, 10, 0, 0, 0, 0, 10, 0), 4, 10);

    [Fact]
    public void A_rate_that_rises_and_stays_does_not_come_in_clumps() =>
        Assert.Equal(1, FactorOf(0, 1, 0, 1, 0, 0, 10, 10, 11, 9, 10, 11, 10, 9));

    [Fact]
    public void One_bad_step_says_nothing_about_clumps_until_another_one_comes()
    {
        Assert.Equal(1, FactorOf(0, 1, 0, 50, 0, 0, 1, 0, 1, 1));
        Assert.True(FactorOf(0, 1, 0, 50, 0, 0, 1, 0, 50, 1, 0) > 5);
    }

    [Fact]
    public void Steps_without_requests_are_passed_over()
    {
        var clumping = new Clumping();
        clumping.Add(5, 100);
        clumping.Add(0, 0);
        clumping.Add(5, 100);
        Assert.Equal(1, clumping.Factor);
    }
}
