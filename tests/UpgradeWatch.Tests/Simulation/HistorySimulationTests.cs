using UpgradeWatch.TestKit.Simulation;
using Xunit.Abstractions;

namespace UpgradeWatch.Tests.Simulation;

/// <summary>Upgrades of a service with a daily rhythm that has been watched for days: the whole product on virtual time.</summary>
public sealed class HistorySimulationTests(ITestOutputHelper output)
{
    private const double RisingTo = 18, FallingFrom = 6;

    [Theory]
    [InlineData(RisingTo)]
    [InlineData(FallingFrom)]
    public async Task A_good_version_passes_on_the_rising_and_on_the_falling_slope(double busiest)
    {
        var result = await RunAsync(Plan(SimulatedFault.None) with { BusiestHour = busiest });

        Assert.Equal("pass", result.Status);
        Assert.False(result.Failed);
        Assert.Empty(result.Trouble);
    }

    [Fact]
    public async Task A_version_that_is_a_fifth_slower_fails_on_the_falling_slope()
    {
        var result = await RunAsync(Plan(SimulatedFault.Latency) with { FaultySlowness = 1.2, BusiestHour = FallingFrom });

        Assert.True(result.Failed);
    }

    [Fact]
    public async Task Half_of_the_traffic_is_missed_also_while_it_rises()
    {
        var result = await RunAsync(Plan(SimulatedFault.Traffic) with { FaultyTraffic = 0.5 });

        Assert.True(result.Failed);
    }

    [Theory]
    [InlineData(SimulatedFault.None)]
    [InlineData(SimulatedFault.Traffic)]
    public async Task A_restart_and_a_source_that_forgets_change_nothing(SimulatedFault fault)
    {
        var plan = Plan(fault);

        var calm = await RunAsync(plan);
        var restarted = await RunAsync(plan with { RestartAt = 200, ForgetAt = 150 });

        Assert.Equal((calm.Status, calm.Code, calm.Summary), (restarted.Status, restarted.Code, restarted.Summary));
    }

    private static SimulationPlan Plan(SimulatedFault fault) => SimulationPlan.Draw(11, UpgradeSimulation.Steps) with
    {
        Fault = fault,
        RequestsPerSecond = 60,
        ErrorRatio = 0.002,
        HistoryDays = 5,
        DailyRhythm = 0.4,
        RolloutSteps = 20,
        Gaps = [],
        Outages = [],
    };

    private async Task<SimulationResult> RunAsync(SimulationPlan plan)
    {
        var result = await UpgradeSimulation.RunAsync(plan);
        output.WriteLine(result.ToString());
        return result;
    }
}
