using UpgradeWatch.Analysis.Comparisons;
using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Tests.Comparisons;

public sealed class BothComparisonsTests
{
    private static readonly SliFinding Bad = Finding(FindingStatus.Fail, FindingCodes.Level) with { Baseline = 0.01, Current = 0.03, ChangeRatio = 3 };
    private static readonly SliFinding Good = Finding(FindingStatus.Pass, FindingCodes.None);
    private static readonly SliFinding AlikeForSure = Good with { ChangeRatio = 1, ChangeLower = 0.8, ChangeUpper = 1.25, Reason = "alike." };

    [Fact]
    public void The_comparison_at_the_same_time_wins_and_says_so()
    {
        var cleared = BothComparisons.Combine(Bad, AlikeForSure);
        var found = BothComparisons.Combine(Good, Bad);

        Assert.Equal(FindingStatus.Pass, cleared.Status);
        Assert.Contains("not held against the new version: alike.", cleared.Reason, StringComparison.Ordinal);
        Assert.Equal((FindingStatus.Fail, FindingCodes.Level), (found.Status, found.Code));
        Assert.Contains("what differs at the same time counts", found.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_both_are_worse_it_fails_and_where_both_are_well_it_passes()
    {
        Assert.Equal(FindingStatus.Fail, BothComparisons.Combine(Bad, Bad).Status);
        Assert.Equal(Good, BothComparisons.Combine(Good, AlikeForSure));
    }

    [Fact]
    public void A_comparison_that_cannot_rule_the_difference_out_clears_nothing()
    {
        Assert.Equal(Bad, BothComparisons.Combine(Bad, AlikeForSure with { ChangeUpper = 3.5 }));
        Assert.Equal(Bad, BothComparisons.Combine(Bad, AlikeForSure with { ChangeUpper = null }));
        Assert.Equal(Bad, BothComparisons.Combine(Bad, Finding(FindingStatus.Pending, FindingCodes.TooLittleData)));
        Assert.Equal(Bad, BothComparisons.Combine(Bad, Finding(FindingStatus.Inconclusive, FindingCodes.NoBaseline)));
    }

    [Theory]
    [InlineData(FindingStatus.Fail, FindingCodes.MetricVanished)]
    [InlineData(FindingStatus.Fail, FindingCodes.TargetDown)]
    [InlineData(FindingStatus.Fail, FindingCodes.Limit)]
    [InlineData(FindingStatus.Inconclusive, FindingCodes.Source)]
    [InlineData(FindingStatus.Warn, FindingCodes.Gaps)]
    public void What_it_cannot_know_stays_as_it_is(FindingStatus status, string code)
    {
        var finding = Finding(status, code);

        Assert.Equal(finding, BothComparisons.Combine(finding, AlikeForSure));
        Assert.Equal(FindingStatus.Fail, BothComparisons.Combine(finding, Bad).Status);
    }

    [Fact]
    public void Less_is_cleared_by_what_rules_out_less()
    {
        var less = Bad with { Baseline = 100, Current = 30, ChangeRatio = 0.3 };

        Assert.Equal(FindingStatus.Pass, BothComparisons.Combine(less, AlikeForSure).Status);
        Assert.Equal(less, BothComparisons.Combine(less, AlikeForSure with { ChangeLower = 0.2 }));
    }

    private static SliFinding Finding(FindingStatus status, string code) => new() { Status = status, Code = code, Reason = $"{status} ({code})." };
}
