using UpgradeWatch.TestKit.Simulation;
using Xunit.Abstractions;

namespace UpgradeWatch.Tests.Simulation;

/// <summary>Thousands of upgrades nobody has to wait for: the whole product on virtual time.</summary>
public sealed class UpgradeSimulationTests(ITestOutputHelper output)
{
    // UPGRADEWATCH_SEED=17 replays one seed.
    private static int[] Seeds =>
        int.TryParse(Environment.GetEnvironmentVariable("UPGRADEWATCH_SEED"), out var one) ? [one]
        : [.. Enumerable.Range(0, Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1" ? 1000 : 120)];

    [Fact]
    public async Task Every_bad_version_is_flagged_and_hardly_any_good_one_and_nothing_passes_unseen()
    {
        var seeds = Seeds;
        var results = new SimulationResult[seeds.Length];
        await Parallel.ForAsync(0, seeds.Length, async (i, _) => results[i] = await UpgradeSimulation.RunAsync(seeds[i]));

        var missed = results.Where(r => r.IsBad && !r.Failed).ToArray();
        var falseAlarms = results.Where(r => !r.IsBad && r.Failed).ToArray();
        var good = results.Count(r => !r.IsBad);
        foreach (var result in missed) output.WriteLine($"missed: {result}");
        foreach (var result in falseAlarms) output.WriteLine($"false alarm: {result}");
        output.WriteLine($"{results.Length} seeds: {missed.Length} bad ones missed, {falseAlarms.Length} of {good} good ones flagged");

        // A judge that says nothing flags no good version either: good ones have to pass.
        var notPassed = results.Where(r => !r.IsBad && !r.Failed && r.Status is not ("pass" or "warn")).ToArray();
        foreach (var result in notPassed) output.WriteLine($"not passed: {result}");

        Assert.All(results, r => Assert.Empty(r.Trouble));
        Assert.Empty(notPassed);
        Assert.Empty(missed);
        Assert.True(falseAlarms.Length <= Binomial.Most(good, 0.01), $"{falseAlarms.Length} of {good} good upgrades were flagged");
    }

    [Theory]
    [InlineData(SimulatedFault.Errors, "All of it is in route /checkout, status 503 (new), on both pods.")]
    [InlineData(SimulatedFault.Latency, "It is spread evenly over all 4 routes and both pods.")]
    [InlineData(SimulatedFault.Traffic, "It is spread evenly over all 4 routes and both pods.")]
    public async Task A_bad_version_is_told_with_the_part_of_the_service_that_it_broke(SimulatedFault fault, string where)
    {
        var plan = SimulationPlan.Draw(1, UpgradeSimulation.Steps) with { Fault = fault, Outages = [], Gaps = [], RequestsPerSecond = 100 };

        var result = await UpgradeSimulation.RunAsync(plan);

        output.WriteLine(result.ToString());
        Assert.True(result.Failed);
        Assert.Equal(where, result.Where);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_upgrade()
    {
        var first = await UpgradeSimulation.RunAsync(7);
        var second = await UpgradeSimulation.RunAsync(7);

        Assert.Equal(first.ToString(), second.ToString());
    }
}
