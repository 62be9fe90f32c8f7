using Microsoft.Extensions.Logging;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Cli;
using UpgradeWatch.Demo;
using UpgradeWatch.Hosting;
using Xunit.Abstractions;

namespace UpgradeWatch.EndToEnd.Demo;

/// <summary>The demo's verdict comes from what the service does, not from what the scenario is called.</summary>
public sealed class DemoRunTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_scenario_passes_with_its_fault_switched_off_and_the_good_one_fails_with_a_fault_on()
    {
        var verdicts = await Task.WhenAll(RunAsync("errors", DemoFault.None), RunAsync("good", DemoFault.Errors));

        // A stall of the machine is a hiccup of the service too: it may warn of that, and exits with 0 as after a pass.
        Assert.Equal([ExitCodes.Done, ExitCodes.Failed], verdicts.Select(ExitCodes.Of));
    }

    private async Task<FindingStatus> RunAsync(string scenario, DemoFault fault)
    {
        var settings = new ServeSettings { Urls = ["http://127.0.0.1:0"], MetricsUrls = ["http://127.0.0.1:0"], LogLevel = LogLevel.None };
        var run = new DemoRun(scenario, fault, settings, TimeProvider.System, line => output.WriteLine($"{scenario}: {line}"));
        var upgrade = await run.RunAsync((_, _) => Task.CompletedTask, CancellationToken.None);
        return upgrade.Verdict.Status;
    }
}
