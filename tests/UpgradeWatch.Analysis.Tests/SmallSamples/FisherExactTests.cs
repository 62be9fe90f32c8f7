using UpgradeWatch.Analysis.SmallSamples;

namespace UpgradeWatch.Analysis.Tests.SmallSamples;

public class FisherExactTests
{
    [Theory]
    // The lady tasting tea and the twins of criminals: Agresti (1990) and Fisher (1970) as in R's help of fisher.test.
    [InlineData(3, 4, 1, 4, 0.2429)]
    [InlineData(15, 18, 2, 12, 0.0004652)]
    // C(10,5) and C(20,7) by hand.
    [InlineData(5, 5, 0, 5, 1.0 / 252)]
    [InlineData(7, 10, 0, 10, 120.0 / 77520)]
    [InlineData(0, 6, 0, 6, 1)]
    [InlineData(0, 6, 3, 6, 1)]
    public void Published_values_are_met(int hits, int size, int otherHits, int otherSize, double expected) =>
        Assert.Equal(expected, FisherExact.AtLeast(hits, size, otherHits, otherSize), 4);
}
