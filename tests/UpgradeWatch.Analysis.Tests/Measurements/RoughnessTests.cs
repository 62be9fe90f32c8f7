using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Measurements;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Analysis.Tests.Measurements;

public class RoughnessTests
{
    [Fact]
    public void The_further_from_the_hour_before_the_rarer()
    {
        double?[] chances = [.. new[] { 0.0, 3, 6, 12, 50 }.Select(added => ChanceOf(60, added))];
        Assert.Equal(chances.OrderDescending(), chances);
        Assert.True(chances[0] > 0.1 && chances[^1] < 0.01, string.Join(' ', chances));
    }

    [Fact]
    public void A_gauge_in_shorter_steps_is_looked_at_by_the_minute_too()
    {
        Assert.InRange(ChanceOf(15, 12)!.Value / ChanceOf(60, 12)!.Value, 0.1, 2);
        Assert.True(ChanceOf(15, 0) > 0.05);
    }

    [Fact]
    public void The_unit_does_not_matter_and_only_the_bad_way_counts()
    {
        Assert.Equal(ChanceOf(60, 6)!.Value, ChanceOf(60, 6, unit: 1e-6)!.Value, 9);
        Assert.Equal(ChanceOf(60, 30), ChanceOf(60, 30, direction: Direction.Up));
        Assert.True(ChanceOf(60, 30, direction: Direction.Down) > 0.5);
    }

    [Fact]
    public void Soon_counts_more_than_late() => Assert.True(ChanceOf(60, 12) < ChanceOf(60, 12, from: 60));

    [Fact]
    public void With_too_little_before_it_says_nothing()
    {
        Assert.Null(ChanceOf(60, 50, before: 40));
        Assert.NotNull(ChanceOf(60, 50, before: 41));
        Assert.Null(ChanceOf(60, 50, before: 0));
    }

    private static double? ChanceOf(double stepSeconds, double added, double unit = 1, Direction direction = Direction.Both, int from = 0, int before = 60)
    {
        var spec = new SliSpec { Name = "queue", Measure = Measure.Gauge, Unit = "", Direction = direction, Tolerance = Tolerance.None, StepSeconds = stepSeconds };
        var (draw, perMinute) = (new Draw(5), (int)(60 / stepSeconds));
        var start = 1_000_000L * perMinute;
        StepSample[] baseline = [.. Enumerable.Range(0, before * perMinute).Select(i => Step(start + i, 100 + draw.Normal()))];
        var roughness = new Roughness(spec, baseline);
        for (var i = 0; i < 120 * perMinute; i++)
            roughness.Add(Step(start + baseline.Length + i, 100 + draw.Normal() + (i >= from * perMinute ? added : 0)));
        return roughness.Chance;

        // Steps end on whole minutes.
        StepSample Step(long step, double value) => new(step + 1, StepState.None, unit * value, double.NaN);
    }
}
