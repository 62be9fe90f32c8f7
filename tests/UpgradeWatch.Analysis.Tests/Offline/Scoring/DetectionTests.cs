using UpgradeWatch.Analysis.Offline.Scoring;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Analysis.Tests.Offline.Scoring;

public class DetectionTests
{
    [Fact]
    public void A_small_table_comes_out_as_by_hand()
    {
        var detection = Detection.Of([Bad(5), Bad(3), Bad(1, flagged: false), Good(4, flagged: true), Good(2), Good(0.5), Good(1)]);

        // Pairs won: 4 + 3 + 1.5 of 12.
        Assert.Equal(8.5 / 12, detection.Auc, 12);
        Assert.Equal(2.0 / 3, detection.Precision, 12);
        Assert.Equal(2.0 / 3, detection.Recall, 12);
        Assert.Equal(2.0 / 3, detection.F1, 12);
        Assert.Equal(0.25, detection.FalseAlarms, 12);

        // At the threshold 1: 3 of 3 found with 3 wrong, 6/9; at 3: 2 of 3 with 1 wrong, 4/6.
        Assert.Equal(2.0 / 3, detection.BestF1, 12);
    }

    [Fact]
    public void The_same_score_for_all_is_worth_nothing()
    {
        var detection = Detection.Of([Bad(1), Bad(1), Good(1), Good(1)]);
        Assert.Equal(0.5, detection.Auc);
        Assert.Equal(2.0 / 3, detection.BestF1, 12);
    }

    [Fact]
    public void What_has_nothing_to_divide_by_is_no_number()
    {
        var onlyGood = Detection.Of([Good(1), Good(2)]);
        Assert.True(double.IsNaN(onlyGood.Auc) && double.IsNaN(onlyGood.Recall) && double.IsNaN(onlyGood.Precision));
        Assert.Equal(0, onlyGood.FalseAlarms);
        var nothing = Detection.Of([]);
        Assert.True(double.IsNaN(nothing.Auc) && double.IsNaN(nothing.BestF1) && double.IsNaN(nothing.FalseAlarms));
    }

    [Fact]
    public void The_area_is_the_share_of_pairs_in_the_right_order()
    {
        const int Seed = 11;
        var draw = new Draw(Seed);
        ScoredCase[] cases = [.. Enumerable.Range(0, 120).Select(i => new ScoredCase(Math.Round(draw.Normal() + (i % 2), 1), false, i % 2 == 1))];
        var pairs = cases.Where(one => one.IsAbnormal).SelectMany(bad => cases.Where(one => !one.IsAbnormal).Select(good => bad.Score > good.Score ? 1 : bad.Score == good.Score ? 0.5 : 0));
        Assert.Equal(pairs.Average(), Detection.Of(cases).Auc, 12);
    }

    private static ScoredCase Bad(double score, bool flagged = true) => new(score, flagged, true);

    private static ScoredCase Good(double score, bool flagged = false) => new(score, flagged, false);
}
