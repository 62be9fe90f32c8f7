using System.Net;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;
using UpgradeWatch.Connectors.Tests.Prometheus.Simulation;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Tests.Prometheus.Checking;

public sealed class LiveCheckTests
{
    private static readonly EvaluationOptions Short = new() { StepSeconds = 15, BaselineSeconds = 300, ObservationSeconds = 300 };

    [Fact]
    public async Task Every_query_is_run_over_both_windows_and_what_it_gives_is_told()
    {
        var report = await CheckAsync(new PodScenario { Interval = TimeSpan.FromSeconds(15) }, RealPrometheus.Target(("job", "shop")));

        Assert.Empty(report.Warnings);
        Assert.Equal(6, report.Queries.Count);
        Assert.All(report.Queries, check => Assert.Null(check.Failure));
        var buckets = report.Queries.Single(check => check is { Purpose: QueryPurpose.Buckets, Window: CheckWindow.Observation });
        Assert.Equal(("requests", 4, 20, 15.0, 15.0, 1.0), (buckets.Signal, buckets.Series, buckets.Steps, buckets.ScrapeIntervalSeconds, buckets.StepSeconds, buckets.Coverage));
        Assert.Equal(4 * 2 * 4, buckets.SeriesBehind);
        Assert.Equal(["code", "instance", "job", "le", "namespace"], buckets.Labels);
        Assert.Equal(80, buckets.Samples);
        Assert.Contains("last_over_time(http_request_duration_seconds_bucket", buckets.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_query_lacks_is_said_in_words()
    {
        var scenario = new PodScenario { Interval = TimeSpan.FromSeconds(15), HasUp = false, HasProcessStart = false, ErrorRatio = 0 };
        var target = RealPrometheus.Target(("job", "shop")) with { Evaluation = Short with { StepSeconds = 20 } };

        var report = await CheckAsync(scenario, target);

        Assert.Equal(
            [
                "stepSeconds 20 is no multiple of the scrape interval of 15 s; steps of 30 s are used.",
                "The target has no up series with the job and instance of its metrics: it is not seen when it is down.",
                "The target has no process_start_time_seconds: restarts are seen only where a new instance appears.",
                "With neither of the two, the first value of every new series is lost.",
                "requests: 4 instances have no error series yet: it is created at the first error. That error is lost.",
            ],
            report.Warnings);
        var errors = report.Queries.First(check => check.Purpose == QueryPurpose.Bad);
        Assert.Equal("Prometheus has no http_request_duration_seconds_count with code=~\"5..\": code is \"200\".", errors.Empty);
    }

    [Fact]
    public async Task A_query_of_ones_own_with_rate_or_a_long_window_is_warned_of()
    {
        var target = RealPrometheus.Target(("job", "shop")) with
        {
            Profile = "custom",
            Slis = [new SliOptions { Name = "mine", Kind = SliKind.Gauge, Query = "sum(rate(http_requests_received_total{code=\"rate(x[9h])\"}[5m]))" }],
        };

        var report = await CheckAsync(new PodScenario { Interval = TimeSpan.FromSeconds(15) }, target);

        var check = report.Queries.First(query => query.Signal is not null);
        Assert.Equal(2, check.Warnings.Count);
        Assert.StartsWith("rate loses what happens between two windows", check.Warnings[0], StringComparison.Ordinal);
        Assert.StartsWith("The window [5m] is longer than the step of 15 s", check.Warnings[1], StringComparison.Ordinal);
        Assert.StartsWith("The query gives nothing in this window", check.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_is_down_is_the_reason_for_everything()
    {
        using var prometheus = CannedPrometheus.Always("", HttpStatusCode.BadGateway, "text/html");

        var report = await new LiveCheck(prometheus.Source).RunAsync(RealPrometheus.Target(("job", "shop")), default);

        Assert.Null(report.Plan);
        Assert.Equal(SourceFailureKind.Broken, report.Failure!.Kind);
    }

    private static async Task<LiveCheckReport> CheckAsync(PodScenario scenario, TargetOptions target)
    {
        await using var prometheus = await RealPrometheus.StartAsync((writer, end) => SimulatedService.Write(writer, scenario, end, seed: 3));
        var options = target.Evaluation == new EvaluationOptions() ? target with { Evaluation = Short } : target;
        return await new LiveCheck(prometheus.Source).RunAsync(options, default);
    }
}
