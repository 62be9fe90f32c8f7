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

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void An_accident_just_before_the_upgrade_is_no_part_of_the_rhythm(int direction)
    {
        var usual = LatencyGrowth.Of([Quantile("p95", direction, Days)], UpgradedAt - (Days * Day), IsBaseline)!;

        var after = LatencyGrowth.Of([Quantile("p95", direction, Days, accident: 2)], UpgradedAt - (Days * Day), IsBaseline)!;

        foreach (var minute in (int[])[3, 15, 45])
        {
            // A fall is borne out less well where the hour before was restless; a rise stays what it is on other days.
            if (direction > 0) Assert.Equal(usual.Values[minute], after.Values[minute], 0.02);
            else Assert.InRange(after.Values[minute], usual.Values[minute] - 0.02, 1);
        }
    }

    [Fact]
    public void Without_other_days_nothing_is_known_of_the_hour() =>
        Assert.Null(LatencyGrowth.Of([Quantile("p95", 1, 1)], UpgradedAt - Day, IsBaseline));

    private static bool IsBaseline(long minute) => minute >= UpgradedAt - 60;

    private static double Level(int minute, int direction) => 0.1 * Math.Pow(2, direction * Math.Sin(2 * Math.PI * minute / Day));

    private static FrozenSeries Quantile(string name, int direction, int days, double accident = 1)
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(-days * Day, days * Day).Select(minute => (float)(Level(minute, direction) * (minute >= -20 ? accident : 1) * (1 + (0.02 * (random.NextDouble() - 0.5)))))];
        var reference = SeriesReference.Create(new MinuteSeries(UpgradedAt - values.Length, values), UpgradedAt, new ReferenceOptions { Direction = Direction.Up, Baseline = new MinuteRange(UpgradedAt - 60, UpgradedAt - 1) });
        return new FrozenSeries { Sli = name, Values = values, Events = [], Exposures = [], Reference = reference?.State };
    }
}
