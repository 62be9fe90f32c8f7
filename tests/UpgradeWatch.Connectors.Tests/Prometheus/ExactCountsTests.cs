using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Connectors.Tests.Prometheus.Simulation;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Prometheus;
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
        var end = Minute(TimeProvider.System.GetUtcNow());
        ScrapeTruth truth = new();
        await using var prometheus = new PrometheusServer();
        await prometheus.ImportBlocksAsync(writer => truth = SimulatedService.Write(writer, scenario, end, Seed));
        await prometheus.StartAsync();
        var (source, http) = Source(prometheus, end);
        using var _ = http;

        var plan = Good(await source.PlanAsync(Target(stepSeconds), default));
        var last = plan.StepAt(end);
        var first = plan.StepAt(end - (scenario.Interval * (scenario.Scrapes - 10)));
        var block = Good(await source.ReadAsync(plan, first, last, default));

        Assert.Equal(intervalSeconds, plan.ScrapeIntervalSeconds);
        var requests = block.Signals["requests"];
        Assert.Null(requests.Failure);
        Assert.Equal([.. SimulatedPod.Bounds, double.PositiveInfinity], requests.Bounds);
        for (var i = 0; i < block.Count; i++)
        {
            var (from, until) = (plan.EndOf(first + i - 1), plan.EndOf(first + i));
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

    private static TargetOptions Target(double stepSeconds) => new()
    {
        Name = "shop",
        Profile = "prometheus-net",
        Labels = new Dictionary<string, string> { ["namespace"] = "prod" },
        Evaluation = new EvaluationOptions { StepSeconds = stepSeconds },
    };

    private static (PrometheusSource Source, HttpClient Http) Source(PrometheusServer prometheus, DateTimeOffset now)
    {
        var http = new HttpClient { BaseAddress = prometheus.Url };
        return (new PrometheusSource(http, new SourceCounters(), new FakeTimeProvider(now)), http);
    }

    private static DateTimeOffset Minute(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds() / 120 * 120);

    private static T Good<T>(SourceReply<T> reply)
        where T : class
    {
        Assert.Null(reply.Failure);
        return reply.Value!;
    }

    private static void Near(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= Rounding * Math.Max(1, expected), $"{what}: {actual} in place of {expected}");
}
