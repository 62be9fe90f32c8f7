using UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;
using UpgradeWatch.Connectors.Tests.Prometheus.Simulation;
using UpgradeWatch.Engine.Ports;
using Xunit.Abstractions;

namespace UpgradeWatch.Connectors.Tests.Prometheus;

/// <summary>Against a real Prometheus: what is read equals what happened, step by step.</summary>
public sealed class ExactCountsTests(ITestOutputHelper output)
{
    private const int Seed = 20231;

    // The form is off by one millisecond in a step where a counter was 0 before.
    private const double Rounding = 0.002;

    private static readonly Dictionary<string, PodScenario> Scenarios = new()
    {
        ["steady"] = new() { Interval = default, Jitter = 0.02 },
        ["missed-scrapes"] = new() { Interval = default, Jitter = 0.02, Missed = 0.1 },
        ["rolling-restart"] = new() { Interval = default, Jitter = 0.02, RollingRestartAt = 30 },
        ["counter-reset"] = new() { Interval = default, CounterResetAt = 33 },
        ["counter-reset-only-up"] = new() { Interval = default, HasProcessStart = false, CounterResetAt = 30 },
        ["rolling-restart-only-process-start"] = new() { Interval = default, HasUp = false, RollingRestartAt = 30 },
        ["new-error-series"] = new() { Interval = default, Jitter = 0.02, FirstErrorAt = 35, ErrorRatio = 0.02 },
        ["new-error-series-after-rolling-restart"] = new() { Interval = default, RollingRestartAt = 25, FirstErrorAt = 40, ErrorRatio = 0.02 },
    };

    [Theory]
    [InlineData(1, 5)]
    [InlineData(15, 15)]
    [InlineData(15, 40)]
    [InlineData(60, 15)]
    public async Task The_counts_of_every_step_are_what_the_scrapes_showed(double intervalSeconds, double stepSeconds)
    {
        output.WriteLine($"seed {Seed}");
        var truths = new Dictionary<string, ScrapeTruth>();
        var interval = TimeSpan.FromSeconds(intervalSeconds);
        await using var prometheus = await RealPrometheus.StartAsync((writer, end) =>
        {
            foreach (var (name, scenario) in Scenarios)
            {
                truths[name] = SimulatedService.Write(writer, scenario with { Interval = interval, Namespace = name }, end, Seed);
            }
        });

        foreach (var (name, scenario) in Scenarios)
        {
            var plan = await prometheus.PlanAsync(RealPrometheus.Target(("namespace", name)) with { Evaluation = new() { StepSeconds = stepSeconds } });
            Assert.Equal(intervalSeconds, plan.ScrapeIntervalSeconds);
            Check(name, truths[name], plan, await prometheus.ReadAsync(plan, interval * (scenario.Scrapes - 10)));
        }
    }

    private static void Check(string name, ScrapeTruth truth, TargetPlan plan, StepBlock block)
    {
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

            Near(truth.All(from, until), requests.All[i], $"{name}: all at {until:T}");
            Near(truth.Bad(from, until), requests.Bad![i], $"{name}: bad at {until:T}");
            for (var bound = 0; bound < requests.Bounds.Length; bound++)
            {
                Near(truth.Bucket(bound, from, until), requests.Buckets![bound][i], $"{name}: bound {bound} at {until:T}");
            }
        }

        Near(truth.All(plan.EndOf(block.FirstStep - 1), plan.EndOf(block.FirstStep + block.Count - 1)), requests.All!.Where(double.IsFinite).Sum(), $"{name}: sum of all");
        Near(truth.Bad(plan.EndOf(block.FirstStep - 1), plan.EndOf(block.FirstStep + block.Count - 1)), requests.Bad!.Where(double.IsFinite).Sum(), $"{name}: sum of bad");
    }

    private static void Near(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= Rounding * Math.Max(1, expected), $"{what}: {actual} in place of {expected}");
}
