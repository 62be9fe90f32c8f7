using UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;
using UpgradeWatch.Connectors.Tests.Prometheus.Simulation;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.Connectors.Tests.Prometheus;

/// <summary>What a real Prometheus gives in a step, beside exact counts.</summary>
public sealed class ReadingTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Watching_new_steps_fetches_what_it_needs_and_no_more()
    {
        await using var prometheus = await RealPrometheus.StartAsync((writer, end) =>
            SimulatedService.Write(writer, new PodScenario { Interval = Interval }, end, seed: 1));
        var plan = await prometheus.PlanAsync(RealPrometheus.Target(("job", "shop")));
        long needed = 0;

        for (var step = plan.StepAt(prometheus.End) - 20; step <= plan.StepAt(prometheus.End); step++)
        {
            needed += (await prometheus.Source.ReadAsync(plan, step, step, default)).Value!.Samples;
        }

        var fetched = prometheus.Counters.Fetched["prometheus"];
        Assert.True(fetched <= 1.05 * needed, $"{fetched} fetched, {needed} needed");

        // For each step: instances, four bounds and the errors.
        Assert.InRange(needed, 21 * 5, 21 * 7);
    }

    [Fact]
    public async Task A_step_without_samples_is_a_gap_and_errors_that_do_not_exist_are_none()
    {
        await using var prometheus = await RealPrometheus.StartAsync((writer, end) =>
            WriteCounter(writer, end, at => at < end.AddMinutes(-4) || at > end.AddMinutes(-2), ("code", "200")));
        var plan = await prometheus.PlanAsync(RealPrometheus.Target(("job", "shop")));

        var requests = (await prometheus.ReadAsync(plan, TimeSpan.FromMinutes(10))).Signals["requests"];

        Assert.Equal(8, requests.All!.Count(double.IsNaN));
        Assert.Equal(8, requests.Bad!.Count(double.IsNaN));
        Assert.Equal(0, requests.Bad!.Where(double.IsFinite).Sum());
        Assert.Null(requests.Buckets);
    }

    [Fact]
    public async Task Instances_are_counted_and_a_new_one_or_a_new_process_is_a_start()
    {
        await using var prometheus = await RealPrometheus.StartAsync((writer, end) =>
            SimulatedService.Write(writer, new PodScenario { Interval = Interval, Pods = 2, RollingRestartAt = 40 }, end, seed: 2));
        var plan = await prometheus.PlanAsync(RealPrometheus.Target(("job", "shop")));

        var block = await prometheus.ReadAsync(plan, TimeSpan.FromMinutes(10));

        // Scrape 40 of 60 is step 20 of the last 40, scrape 42 is step 22; a process counts as new while it is younger than three.
        Assert.All(block.Up, up => Assert.Equal(2, up));
        Assert.Equal([20, 21, 22, 23], Enumerable.Range(0, block.Count).Where(i => block.Started[i]));
    }

    [Fact]
    public async Task Only_bounds_that_all_instances_share_are_used()
    {
        await using var prometheus = await RealPrometheus.StartAsync((writer, end) =>
        {
            for (var at = end.AddMinutes(-15).AddSeconds(5); at < end; at = at.AddSeconds(15))
            {
                WritePod(writer, at, "a", [0.1, 0.5, 1]);
                WritePod(writer, at, "b", [0.1, 0.25, 1]);
            }
        });
        var plan = await prometheus.PlanAsync(RealPrometheus.Target(("job", "shop")));

        var requests = (await prometheus.ReadAsync(plan, TimeSpan.FromMinutes(5))).Signals["requests"];

        Assert.Equal([0.1, 1, double.PositiveInfinity], requests.Bounds);
        Assert.All(requests.Buckets!, bucket => Assert.All(bucket, count => Assert.Equal(20, count, 0.1)));

        static void WritePod(OpenMetricsWriter writer, DateTimeOffset at, string pod, double[] bounds)
        {
            var labels = OpenMetricsWriter.Labels(("code", "200"), ("instance", pod), ("job", "shop"));
            var count = (double)(at.ToUnixTimeSeconds() / 15 * 10 % 1_000_000);
            writer.Histogram("http_request_duration_seconds", labels, at, bounds, [count, count, count, count], count);
            writer.Sample("http_requests_received_total", labels, at, count);
        }
    }

    [Theory]
    [InlineData("sum", null, 30)]
    [InlineData("avg", null, 15)]
    [InlineData("max", null, 20)]
    [InlineData("min", null, 10)]
    [InlineData(null, "sum(queue_length{job=\"shop\"}) # both", 30)]
    [InlineData("max", "queue_length{job=\"shop\"} # each", 20)]
    public async Task Gauges_are_aggregated_as_configured(string? aggregation, string? query, double expected)
    {
        await using var prometheus = await StartQueuesAsync();
        var plan = await prometheus.PlanAsync(Queue(query ?? "queue_length{job=\"shop\"}", aggregation));

        var values = (await prometheus.ReadAsync(plan, TimeSpan.FromMinutes(5))).Signals.Values.Single().Values!;

        Assert.All(values, value => Assert.Equal(expected, value));
    }

    [Fact]
    public async Task A_gauge_of_several_series_is_refused_with_their_labels()
    {
        await using var prometheus = await StartQueuesAsync();
        var plan = await prometheus.PlanAsync(Queue("queue_length", aggregation: null));

        var failure = (await prometheus.ReadAsync(plan, TimeSpan.FromMinutes(5))).Signals.Values.Single().Failure!;

        Assert.Equal(SourceFailureKind.Refused, failure.Kind);
        Assert.Contains("differ in instance (a, b)", failure.Message, StringComparison.Ordinal);
    }

    private static Task<RealPrometheus> StartQueuesAsync() => RealPrometheus.StartAsync((writer, end) =>
    {
        for (var at = end.AddMinutes(-15).AddSeconds(5); at < end; at = at.AddSeconds(15))
        {
            writer.Sample("queue_length", OpenMetricsWriter.Labels(("instance", "a"), ("job", "shop")), at, 10);
            writer.Sample("queue_length", OpenMetricsWriter.Labels(("instance", "b"), ("job", "shop")), at, 20);
        }
    });

    private static TargetOptions Queue(string query, string? aggregation) => RealPrometheus.Target(("job", "shop")) with
    {
        Profile = "custom",
        Slis = [new SliOptions { Name = "queue", Kind = SliKind.Gauge, Query = query, Aggregation = aggregation }],
    };

    private static void WriteCounter(OpenMetricsWriter writer, DateTimeOffset end, Func<DateTimeOffset, bool> isScraped, params (string, string)[] labels)
    {
        for (var at = end.AddMinutes(-15).AddSeconds(5); at < end; at = at.AddSeconds(15))
        {
            if (isScraped(at))
            {
                writer.Sample("http_requests_received_total", OpenMetricsWriter.Labels([("instance", "a"), ("job", "shop"), .. labels]), at, (at - end).TotalSeconds + 1000);
            }
        }
    }
}
