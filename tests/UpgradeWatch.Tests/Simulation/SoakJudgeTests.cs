using UpgradeWatch.TestKit.Simulation.Soak;

namespace UpgradeWatch.Tests.Simulation;

/// <summary>The soak is worth nothing unless it sees what grows.</summary>
public sealed class SoakJudgeTests
{
    private static readonly SoakPlan Plan = SoakPlan.Week;

    [Fact]
    public void What_stays_where_it_is_but_for_chance_keeps_every_promise() => Assert.All(Judge(), promise => Assert.True(promise.IsKept, promise.Sentence));

    [Fact]
    public void A_leak_of_a_kilobyte_an_upgrade_is_seen() => Assert.Equal(["managed memory"], Broken(hour => hour with { ManagedMegabytes = hour.ManagedMegabytes + (37.5 * 1e-3 * hour.At.TotalHours) }));

    [Fact]
    public void A_store_of_which_nothing_is_dropped_is_seen() => Assert.Equal(["the store"], Broken(hour => hour with { StoreMegabytes = 3 * hour.At.TotalHours }));

    [Fact]
    public void Looks_that_take_longer_with_each_day_are_seen() => Assert.Equal(["processor time"], Broken(hour => hour with { LookMilliseconds = 20 + hour.At.TotalDays * 2 }));

    [Fact]
    public void A_lag_is_seen_even_if_it_is_there_once() => Assert.Equal(["the largest lag"], Broken(hour => hour with { LagSeconds = hour.At.TotalHours == 100 ? 45 : 0 }));

    [Theory]
    [InlineData(new double[] { 10, 11, 12 }, 2.0 / 11)]
    [InlineData(new double[] { 12, 11, 10 }, -2.0 / 11)]
    [InlineData(new double[] { 5, 5, 500, 5, 5 }, 0)]
    public void Growth_goes_by_the_median_of_the_slopes(double[] numbers, double share) => Assert.Equal(share, Growth.Of(numbers), 12);

    private static string[] Broken(Func<SoakHour, SoakHour> change)
    {
        string[] names = ["managed memory", "the store", "processor time", "the largest lag"];
        return [.. Judge(change).Where(promise => !promise.IsKept).Select(promise => names.Single(name => promise.Sentence.StartsWith(name, StringComparison.Ordinal)))];
    }

    private static IReadOnlyList<(string Sentence, bool IsKept)> Judge(Func<SoakHour, SoakHour>? change = null)
    {
        var random = new Random(3);
        double About(double number) => number * (0.9 + (0.2 * random.NextDouble()));
        return SoakJudge.Judge(Plan, [.. Enumerable.Range(1, 168).Select(hour => new SoakHour
        {
            At = TimeSpan.FromHours(hour),
            ManagedMegabytes = About(60),
            ResidentMegabytes = About(160),
            StoreMegabytes = Math.Min(hour, 48) * 3,
            Upgrades = 1000,
            LagSeconds = 0,
            LookMilliseconds = About(30),
            Series = 16000,
            Evaluated = 45000,
        }).Select(hour => change?.Invoke(hour) ?? hour)]);
    }
}
