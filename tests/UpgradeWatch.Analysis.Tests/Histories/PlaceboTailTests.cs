using CsCheck;
using UpgradeWatch.Analysis.Histories;

namespace UpgradeWatch.Analysis.Tests.Histories;

public class PlaceboTailTests
{
    private static readonly double[] OneToTwenty = [.. Enumerable.Range(1, 20).Select(i => (double)i)];

    [Fact]
    public void Inside_the_edge_a_chance_is_a_share_of_placebos_counted_by_hand()
    {
        // Type 7: the 90 % quantile of 1 to 20 lies at 0.9 x 19 = 17.1, between the 18th and the 19th value.
        var tail = new PlaceboTail(OneToTwenty, overlap: 1);
        Assert.Equal(18.1, tail.Edge, 12);
        Assert.Equal((1 + 11) / 21.0, tail.Chance(10), 12);
        Assert.Equal(1, tail.Chance(0), 12);

        // Placebos that overlap count for less than their number.
        Assert.Equal((3 + 11) / 23.0, new PlaceboTail(OneToTwenty, overlap: 3).Chance(10), 12);
    }

    [Fact]
    public void Beyond_the_edge_the_tail_is_Hills_drawn_towards_the_usual_exponent()
    {
        // Hill's estimator of the two values beyond 18.1 is (ln 19/18.1 + ln 20/18.1) / 2; it weighs 2 against 16 of 0.25.
        var exponent = (Math.Log(19 / 18.1) + Math.Log(20 / 18.1) + 16 * 0.25) / 18;
        var tail = new PlaceboTail(OneToTwenty, overlap: 1);
        Assert.Equal((1 + 2) / 21.0 * Math.Pow(36.2 / 18.1, -1 / exponent), tail.Chance(36.2), 12);
    }

    [Fact]
    public void A_placebo_is_held_against_the_others_only()
    {
        var tail = new PlaceboTail(OneToTwenty, overlap: 1);
        Assert.Equal((1 + 10) / 20.0, tail.ChanceOfOwn(10), 12);
        var exponent = (Math.Log(19 / 18.1) + 16 * 0.25) / 17;
        Assert.Equal((1 + 1.9) / 20 * Math.Pow(20 / 18.1, -1 / exponent), tail.ChanceOfOwn(20), 12);
        Assert.True(tail.ChanceOfOwn(20) > tail.Chance(20));
    }

    [Fact]
    public void The_stray_of_a_chance_has_that_chance()
    {
        var tail = new PlaceboTail(OneToTwenty, overlap: 3);
        foreach (var chance in new[] { 0.1, 0.05, 0.01, 0.001 })
            Assert.Equal(chance, tail.Chance(tail.StrayAt(chance)), 12);
    }

    [Fact]
    public void A_larger_stray_is_never_more_likely_and_no_chance_is_0_or_above_1() =>
        Gen.Select(Gen.OneOf(Gen.Double[0, 10], Gen.Const(0.0), Gen.Double[0, 1e300], Gen.Double[0, 1e-300]).Array[1, 60], Gen.Double[1, 8]).Sample((strays, overlap) =>
        {
            var tail = new PlaceboTail(strays, overlap);
            double[] rising = [0, .. strays.Order(), tail.Edge * 1.001, tail.Edge * 3, 1e9, 1e300, double.PositiveInfinity];
            double[] chances = [.. rising.Order().Select(tail.Chance)];
            return chances.All(chance => chance is > 0 and <= 1)
                && chances.Zip(chances.Skip(1)).All(pair => pair.First >= pair.Second)
                && strays.All(stray => tail.ChanceOfOwn(stray) is > 0 and <= 1);
        });

    [Fact]
    public void Where_nothing_ever_strays_a_stray_smaller_than_usual_is_not_rare()
    {
        var tail = new PlaceboTail(new double[500], overlap: 3);
        Assert.Equal(1, tail.Chance(0));
        Assert.True(tail.Chance(1e-6) >= 0.1);
        Assert.True(tail.Chance(0.3) >= 0.1);
        Assert.True(tail.Chance(10) < 0.001);
    }
}
