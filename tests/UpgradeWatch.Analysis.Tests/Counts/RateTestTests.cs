using CsCheck;
using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Histograms;

namespace UpgradeWatch.Analysis.Tests.Counts;

public class RateTestTests
{
    private static readonly ToleratedRate Rate = new(24, 2400, 1.25, 1.25);

    [Fact]
    public void A_single_bad_step_is_no_evidence_however_bad_and_a_second_one_is()
    {
        var test = Fed([.. Enumerable.Repeat(0.0, 20), 10]);
        Assert.True(test.LogEvidence <= 0, $"{test.LogEvidence}");
        test.Take(22, 10, 10);
        Assert.True(test.LogEvidence > Math.Log(100), $"{test.LogEvidence}");
    }

    [Fact]
    public void A_burst_leaves_nothing_that_lasts_and_a_change_does()
    {
        double[] burst = [.. Enumerable.Repeat(3.0, 6), .. Enumerable.Repeat(0.0, 40)];
        Assert.True(Fed(burst).LastingEvidence < 0);
        double[] change = [.. Enumerable.Range(0, 46).Select(i => i % 2.0)];
        Assert.True(Fed(change).LastingEvidence > Math.Log(100));
    }

    [Fact]
    public void Reading_the_steps_backwards_gives_the_same_evidence() =>
        Gen.Int[0, 4].Array[2, 60].Sample(counts =>
        {
            var forth = Fed([.. counts.Select(count => (double)count)]);
            var back = Fed([.. counts.Reverse().Select(count => (double)count)]);
            return Close(forth.LogEvidence, back.LogEvidence);
        });

    [Fact]
    public void Splitting_steps_in_two_changes_no_evidence_but_that_of_the_worst_step() =>
        Gen.Int[1, 3].Array[2, 60].Sample(counts =>
        {
            // Steps that differ no more than independent ones: how clumps are cut does matter. Two worst steps that are
            // alike have no excess over one another, whole or in halves.
            double[] steps = [.. counts, 3, 3];
            double[] halves = [.. steps.SelectMany(count => new[] { count / 2, count / 2 })];
            return Close(Fed(steps).LogEvidence, Fed(halves, exposure: 5).LogEvidence);
        });

    [Fact]
    public void What_is_not_known_of_the_dispersion_lies_between_its_bounds() =>
        Gen.Select(Gen.Double[0, 500], Gen.Double[1, 5000], Gen.Double[1, 30]).Sample((events, exposure, factor) =>
        {
            var both = Overdispersion.Grouped([1, factor], [0.5, 0.5]);
            var mixed = Evidence(both);
            var (one, other) = (Evidence(Overdispersion.Known(both.Factors[0])), Evidence(Overdispersion.Known(both.Factors[^1])));
            return mixed <= Math.Max(one, other) + 1e-9 && mixed >= Math.Min(one, other) - 1e-9;

            double Evidence(Overdispersion dispersion) => new CountTest(24, 2400, dispersion, 1.25, Alternatives.More).LogEvidence(events, exposure);
        });

    [Fact]
    public void A_slower_log_normal_service_is_expected_to_have_the_shares_that_it_has()
    {
        // Shares above 0.05, 0.1 and 0.2 s of latencies with median 0.1 s and sigma 0.5, and what they are 10 % slower.
        double[] bounds = [0.05, 0.1, 0.2, double.PositiveInfinity];
        double[] above = [Share(0.05), Share(0.1), Share(0.2)];
        for (var i = 1; i < above.Length; i++)
            Assert.Equal(Share(bounds[i] / 1.1) / above[i], Survival.Growth(bounds, above, i, 1.1), 4);

        static double Share(double bound) => Analysis.Numerics.Gamma.Normal(-Math.Log(bound / 0.1) / 0.5);
    }

    private static RateTest Fed(double[] counts, double exposure = 10)
    {
        var test = new RateTest(Overdispersion.None, Rate, Alternatives.More, 2, 20);
        for (var i = 0; i < counts.Length; i++)
            test.Take(i + 1, counts[i], exposure);
        return test;
    }

    private static bool Close(double one, double other) => one.Equals(other) || Math.Abs(one - other) < 1e-9;
}
