using UpgradeWatch.Analysis.Histograms;

namespace UpgradeWatch.Analysis.Tests.Histograms;

public class BucketBoundsTests
{
    private const double Inf = double.PositiveInfinity;

    [Fact]
    public void Common_bounds_keep_their_counts()
    {
        double[] old = [0.1, 0.25, 0.5, 1, Inf];
        double[] present = [0.05, 0.25, 1, 2, Inf];
        var common = BucketBounds.Common(old, present);

        Assert.Equal([0.25, 1, Inf], common);
        Assert.Equal([20.0, 40, 50], BucketBounds.Project([10, 20, 30, 40, 50], old, common));
        Assert.Equal([2.0, 3, 5], BucketBounds.Project([1, 2, 3, 4, 5], present, common));
    }

    [Fact]
    public void Milliseconds_and_seconds_have_only_infinity_in_common() =>
        Assert.Equal([Inf], BucketBounds.Common([100, 250, Inf], [0.1, 0.25, Inf]));

    [Fact]
    public void A_bound_that_is_not_there_is_refused() =>
        Assert.Contains("no bound 0.3", Assert.Throws<ArgumentException>(() => BucketBounds.Project([1, 2], [0.1, Inf], [0.3, Inf])).Message, StringComparison.Ordinal);
}
