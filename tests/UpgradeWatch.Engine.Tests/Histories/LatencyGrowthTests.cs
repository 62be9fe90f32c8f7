using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Engine.Histories;

namespace UpgradeWatch.Engine.Tests.Histories;

/// <summary>Latency that doubles and halves with the day, halfway at the upgrade.</summary>
public sealed class LatencyGrowthTests
{
    private const int Day = 1440;
    private const int Days = 4;
    private const long UpgradedAt = 29_000_000;

    [Fact]
    public void A_rise_that_is_usual_at_the_hour_is_expected_in_full()
    {
        var growth = LatencyGrowth.Of([Quantile("p50", 1, Days), Quantile("p95", 1, Days)], UpgradedAt - (Days * Day), IsBaseline)!;

        Assert.Equal(UpgradedAt, growth.FirstMinute);
        Assert.Equal(Level(45, 1) / Level(-30, 1), growth.Values[45], 0.02);
    }

    [Fact]
    public void A_fall_is_expected_only_as_far_as_other_days_bear_it_out()
    {
        var growth = LatencyGrowth.Of([Quantile("p95", -1, Days)], UpgradedAt - (Days * Day), IsBaseline)!;

        Assert.InRange(growth.Values[55], (Level(55, -1) / Level(-30, -1)) + 0.01, 0.999);
        Assert.All(growth.Values, value => Assert.InRange(value, 0.5, 1));
    }

    [Fact]
    public void The_quantile_that_grows_most_counts()
    {
        var growth = LatencyGrowth.Of([Quantile("p50", -1, Days), Quantile("p95", 1, Days)], UpgradedAt - (Days * Day), IsBaseline)!;

        Assert.Equal(Level(45, 1) / Level(-30, 1), growth.Values[45], 0.02);
    }

    [Fact]
    public void Without_other_days_nothing_is_known_of_the_hour() =>
        Assert.Null(LatencyGrowth.Of([Quantile("p95", 1, 1)], UpgradedAt - Day, IsBaseline));

    private static bool IsBaseline(long minute) => minute >= UpgradedAt - 60;

    private static double Level(int minute, int direction) => 0.1 * Math.Pow(2, direction * Math.Sin(2 * Math.PI * minute / Day));

    private static FrozenSeries Quantile(string name, int direction, int days)
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(-days * Day, days * Day).Select(minute => (float)(Level(minute, direction) * (1 + (0.02 * (random.NextDouble() - 0.5)))))];
        var reference = SeriesReference.Create(new MinuteSeries(UpgradedAt - values.Length, values), UpgradedAt, new ReferenceOptions { Direction = Direction.Up });
        return new FrozenSeries { Sli = name, Values = values, Events = [], Exposures = [], Reference = reference?.State };
    }
}
