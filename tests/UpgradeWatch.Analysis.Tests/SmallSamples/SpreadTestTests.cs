using UpgradeWatch.Analysis.SmallSamples;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Analysis.Tests.SmallSamples;

public class SpreadTestTests
{
    [Fact]
    public void The_same_numbers_give_the_same_answer_every_time()
    {
        var (before, after) = (Normals(1, 20, 1), Normals(2, 20, 2));
        Assert.Equal(SpreadTest.PValue(before, after), SpreadTest.PValue(before, after));
    }

    [Fact]
    public void Five_times_the_spread_is_found_and_another_level_is_not()
    {
        var before = Normals(3, 20, 1);
        Assert.True(SpreadTest.PValue(before, Normals(4, 20, 5)) < 0.01);
        Assert.Equal(1, SpreadTest.PValue(before, [.. before.Select(value => value + 100)]), 1);
    }

    [Fact]
    public void Equal_and_too_few_numbers_show_nothing()
    {
        Assert.Equal(1, SpreadTest.PValue([.. Enumerable.Repeat(1.0, 20)], [.. Enumerable.Repeat(1.0, 20)]));
        Assert.Equal(1, SpreadTest.PValue([1, 100, 3, 500], [2, 2, 2, 2]));
    }

    private static double[] Normals(int seed, int count, double spread)
    {
        var draw = new Draw(seed);
        return [.. Enumerable.Range(0, count).Select(_ => spread * draw.Normal())];
    }
}
