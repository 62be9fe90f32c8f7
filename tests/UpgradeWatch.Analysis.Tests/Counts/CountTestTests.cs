using CsCheck;
using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Numerics;

namespace UpgradeWatch.Analysis.Tests.Counts;

public class CountTestTests
{
    private static readonly double[] Twice = [2];

    [Fact]
    public void Evidence_for_one_alternative_is_the_formula_computed_by_hand()
    {
        // 2^1 * ((100 + 100) / (100 + 200))^(0 + 1 + 1) = 2 * 4/9
        var test = new CountTest(before: 0, exposure: 100, Overdispersion.None, tolerated: 1, Twice);
        Assert.Equal(8.0 / 9, Math.Exp(test.LogEvidence(1, 100)), 12);

        // 2^10 * ((1000 + 1.5 * 500) / (1000 + 3 * 500))^(4 + 1 + 10) = 1024 * 0.7^15
        test = new CountTest(4, 1000, Overdispersion.None, 1.5, Twice);
        Assert.Equal(1024 * Math.Pow(0.7, 15), Math.Exp(test.LogEvidence(10, 500)), 12);
    }

    [Fact]
    public void Dispersion_divides_every_count()
    {
        var test = new CountTest(8, 2000, Overdispersion.Known(2), tolerated: 1.5, Twice);
        Assert.Equal(1024 * Math.Pow(0.7, 15), Math.Exp(test.LogEvidence(20, 1000)), 12);
    }

    [Fact]
    public void Alternatives_are_averaged()
    {
        var two = new CountTest(4, 1000, Overdispersion.None, 1.5, Twice).LogEvidence(10, 500);
        var three = new CountTest(4, 1000, Overdispersion.None, 1.5, [3]).LogEvidence(10, 500);
        var both = new CountTest(4, 1000, Overdispersion.None, 1.5, [2, 3]).LogEvidence(10, 500);
        Assert.Equal((Math.Exp(two) + Math.Exp(three)) / 2, Math.Exp(both), 12);
    }

    [Fact]
    public void Without_a_baseline_it_never_gathers_evidence()
    {
        // Mean of 1/k over the alternatives, whatever is seen.
        var test = new CountTest(0, 0, Overdispersion.None, 1.25, Alternatives.More);
        Assert.Equal(0.3347, Math.Exp(test.LogEvidence(500, 500)), 3);
        Assert.Equal(0.3347, Math.Exp(test.LogEvidence(0, 5)), 3);
    }

    [Theory]
    [InlineData(1e12, 1e12, 1e3)]
    [InlineData(1e12, 1e12, 2e12)]
    [InlineData(3, 1e12, 900)]
    [InlineData(0, 1e-9, 1)]
    [InlineData(1e9, 1e12, 0)]
    public void Huge_counts_and_tiny_ratios_stay_finite(double before, double exposure, double events)
    {
        foreach (var factors in new[] { Alternatives.More, Alternatives.Less })
        {
            var test = new CountTest(before, exposure, Overdispersion.None, 1.1, factors);
            Assert.True(double.IsFinite(test.LogEvidence(events, 1e12)));
            Assert.InRange(test.Chance(events, 1e12), 0, 1);
        }
    }

    [Fact]
    public void Chance_is_the_tail_of_the_posterior_predictive()
    {
        // No event in one unit, then the same length: geometric with 1/2.
        var up = new CountTest(0, 100, Overdispersion.None, 1, Alternatives.More);
        Assert.Equal(0.5, up.Chance(1, 100), 10);
        Assert.Equal(0.125, up.Chance(3, 100), 10);
        Assert.Equal(1, up.Chance(0, 100));

        var down = new CountTest(0, 100, Overdispersion.None, 1, Alternatives.Less);
        Assert.Equal(0.5, down.Chance(0, 100), 10);
        Assert.Equal(0.875, down.Chance(2, 100), 10);
    }

    [Fact]
    public void The_normal_approximation_for_huge_counts_continues_the_exact_one()
    {
        // 5,000 events each side are exact, one more is not.
        var before = new CountTest(4999, 1e6, Overdispersion.None, 1, Alternatives.More).Chance(5150, 1e6);
        var after = new CountTest(5000, 1e6, Overdispersion.None, 1, Alternatives.More).Chance(5151, 1e6);
        Assert.Equal(before, after, 3);
    }

    [Fact]
    public void More_bad_events_are_more_evidence_and_less_chance() =>
        Gen.Select(Gen.Double[0, 1e4], Gen.Double[1, 1e7], Gen.Double[1, 1e7], Gen.Double[0, 1e4])
            .Sample((before, exposure, reach, events) =>
            {
                var test = new CountTest(before, exposure, Overdispersion.None, 1.25, Alternatives.More);
                return test.LogEvidence(events + 1, reach) > test.LogEvidence(events, reach)
                    && test.Chance(events + 1, reach) <= test.Chance(events, reach) + 1e-9;
            });

    [Fact]
    public void The_expected_evidence_under_the_tolerated_rate_is_one()
    {
        // The e-value property itself: summed over the posterior predictive of the tolerated rate, a negative binomial.
        var test = new CountTest(3, 300, Overdispersion.None, 1.25, Alternatives.More);
        const double share = 250.0 / 550;
        var expected = 0.0;
        for (var x = 0; x < 20_000; x++)
        {
            var logChance = Gamma.Log(4 + x) - Gamma.Log(4) - Gamma.Log(x + 1) + 4 * Math.Log(1 - share) + x * Math.Log(share);
            expected += Math.Exp(logChance + test.LogEvidence(x, 200));
        }

        Assert.Equal(1, expected, 6);
    }
}
