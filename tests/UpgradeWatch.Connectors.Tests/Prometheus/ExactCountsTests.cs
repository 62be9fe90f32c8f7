using UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;
using UpgradeWatch.Connectors.Tests.Prometheus.Simulation;
using Xunit.Abstractions;

namespace UpgradeWatch.Connectors.Tests.Prometheus;

/// <summary>Against a real Prometheus: what is read equals what happened, step by step.</summary>
public sealed class ExactCountsTests(ITestOutputHelper output)
{
    private const int Seed = 20231;

    // The form is off by one millisecond in a step where a counter was 0 before.
    private const double Rounding = 0.002;

    public static TheoryData<string, double, double> Cells()
    {
        var cells = new TheoryData<string, double, double>();
        foreach (var (interval, step) in ((double, double)[])[(1, 5), (15, 15), (15, 40), (60, 15)])
        {
            foreach (var name in Scenarios.Keys)
            {
                cells.Add(name, interval, step);
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task The_counts_of_every_step_are_what_the_scrapes_showed(string name, double intervalSeconds, double stepSeconds)
    {
        output.WriteLine($"seed {Seed}");
        var scenario = Scenarios[name](TimeSpan.FromSeconds(intervalSeconds));
        ScrapeTruth truth = new();
        await using var prometheus = await RealPrometheus.StartAsync((writer, end) => truth = SimulatedService.Write(writer, scenario, end, Seed));

        var plan = await prometheus.PlanAsync(RealPrometheus.Target(("namespace", "prod")) with { Evaluation = new() { StepSeconds = stepSeconds } });
        var block = await prometheus.ReadAsync(plan, scenario.Interval * (scenario.Scrapes - 10));

        Assert.Equal(intervalSeconds, plan.ScrapeIntervalSeconds);
        var requests = block.Signals["requests"];
        Assert.Null(requests.Failure);
        Assert.Equal([.. SimulatedPod.Bounds, double.PositiveInfinity], requests.Bounds);
        for (var i = 0; i < block.Count; i++)
        {
            var (from, until) = (plan.EndOf(block.FirstStep + i - 1), plan.EndOf(block.FirstStep + i));
            if (double.IsNaN(requests.All![i]))
            {
                Assert.Equal(0, truth.All(from, until));
                continue;
            }

            Near(truth.All(from, until), requests.All[i], $"all at {until:T}");
            Near(truth.Bad(from, until), requests.Bad![i], $"bad at {until:T}");
            for (var bound = 0; bound < requests.Bounds.Length; bound++)
            {
                Near(truth.Bucket(bound, from, until), requests.Buckets![bound][i], $"bound {bound} at {until:T}");
            }
        }
    }

    private static readonly Dictionary<string, Func<TimeSpan, PodScenario>> Scenarios = new()
    {
        ["steady"] = interval => new PodScenario { Interval = interval, Jitter = 0.02 },
        ["missed scrapes"] = interval => new PodScenario { Interval = interval, Jitter = 0.02, Missed = 0.1 },
        ["rolling restart"] = interval => new PodScenario { Interval = interval, Jitter = 0.02, RollingRestartAt = 30 },
        ["rolling restart, only up"] = interval => new PodScenario { Interval = interval, HasProcessStart = false, CounterResetAt = 30 },
        ["rolling restart, only process start"] = interval => new PodScenario { Interval = interval, HasUp = false, RollingRestartAt = 30 },
        ["new error series"] = interval => new PodScenario { Interval = interval, Jitter = 0.02, FirstErrorAt = 35, ErrorRatio = 0.02 },
        ["new error series after a rolling restart"] = interval => new PodScenario { Interval = interval, RollingRestartAt = 25, FirstErrorAt = 40, ErrorRatio = 0.02 },
        ["counter reset"] = interval => new PodScenario { Interval = interval, CounterResetAt = 33 },
    };

    private static void Near(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= Rounding * Math.Max(1, expected), $"{what}: {actual} in place of {expected}");
}
