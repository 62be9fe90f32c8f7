using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;
using UpgradeWatch.Connectors.Tests.Prometheus.Simulation;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.Connectors.Tests.Prometheus;

public sealed class PlanningTests
{
    private const int Seed = 7;

    [Theory]
    [InlineData(1, 150, 15, 15)]
    [InlineData(15, 60, 15, 15)]
    [InlineData(15, 60, 20, 30)]
    [InlineData(60, 30, 15, 60)]
    public async Task The_step_is_the_smallest_multiple_of_the_scrape_interval_and_the_delay_covers_a_scrape(
        double interval, int scrapes, double configured, double step)
    {
        await using var prometheus = await StartAsync(new PodScenario { Interval = TimeSpan.FromSeconds(interval), Scrapes = scrapes, Jitter = 0.01 });

        var plan = await prometheus.PlanAsync(RealPrometheus.Target(("namespace", "prod")) with { Evaluation = new() { StepSeconds = configured } });

        Assert.Equal((interval, step, 2), (plan.ScrapeIntervalSeconds, plan.StepSeconds, plan.DelaySeconds));
        Assert.True(plan is { HasUp: true, HasProcessStart: true });
    }

    [Fact]
    public async Task The_profile_is_found_by_itself_and_signals_that_do_not_exist_are_left_out()
    {
        await using var prometheus = await StartAsync(new PodScenario { Interval = TimeSpan.FromSeconds(15) });

        var plan = await prometheus.PlanAsync(RealPrometheus.Target(("job", "shop")) with { Profile = "auto" });
        var names = await prometheus.Source.MetricNamesAsync(plan, default);

        Assert.Equal("prometheus-net", plan.Profile);
        Assert.Equal(["requests"], plan.Signals.Select(signal => signal.Name));
        Assert.Contains("http_request_duration_seconds_bucket", names);
        Assert.Contains("up", names);
    }

    [Fact]
    public async Task Labels_that_only_the_targets_own_metrics_have_still_lead_to_its_up()
    {
        await using var prometheus = await StartAsync(new PodScenario { Interval = TimeSpan.FromSeconds(15) });

        var plan = await prometheus.PlanAsync(RealPrometheus.Target(("namespace", "prod"), ("code", "200")));
        var block = await prometheus.ReadAsync(plan, TimeSpan.FromMinutes(5));

        Assert.True(plan is { HasUp: true, HasProcessStart: true });
        Assert.Equal([new LabelMatch("job", MatchOperator.Equal, "shop"), new LabelMatch("namespace", MatchOperator.Equal, "prod")], plan.TargetMatches);
        Assert.All(block.Up, up => Assert.Equal(4, up));
        Assert.All(block.Down, down => Assert.Equal(0, down));
    }

    [Fact]
    public async Task Instances_of_others_in_the_same_job_are_not_counted()
    {
        await using var prometheus = await RealPrometheus.StartAsync((writer, end) =>
        {
            SimulatedService.Write(writer, new PodScenario { Interval = TimeSpan.FromSeconds(15) }, end, Seed);
            var other = OpenMetricsWriter.Labels(("instance", "other:80"), ("job", "shop"), ("namespace", "prod"));
            for (var at = end.AddMinutes(-15); at < end; at = at.AddSeconds(15))
            {
                writer.Sample("up", other, at, 0);
            }
        });

        var plan = await prometheus.PlanAsync(RealPrometheus.Target(("namespace", "prod"), ("code", "200")));
        var block = await prometheus.ReadAsync(plan, TimeSpan.FromMinutes(5));

        Assert.Contains(plan.TargetMatches, match => match is { Name: "instance", Operator: MatchOperator.Matches });
        Assert.All(block.Down, down => Assert.Equal(0, down));
    }

    [Theory]
    [InlineData("namespace", "prdo", "Prometheus has no series with job=\"shop\" and namespace=\"prdo\": namespace is \"prod\".")]
    [InlineData("team", "a", "Prometheus has no series with job=\"shop\" and team=\"a\": there is no label team.")]
    public async Task A_label_that_matches_nothing_is_named_with_what_there_is(string label, string value, string sentence)
    {
        await using var prometheus = await StartAsync(new PodScenario { Interval = TimeSpan.FromSeconds(15) });

        var reply = await prometheus.Source.PlanAsync(RealPrometheus.Target(("job", "shop"), (label, value)), default);

        Assert.Equal((SourceFailureKind.Empty, sentence), (reply.Failure!.Kind, reply.Failure.Message));
    }

    [Theory]
    [InlineData(14.98, 15)]
    [InlineData(15.02, 15)]
    [InlineData(59.9, 60)]
    [InlineData(10.004, 10)]
    [InlineData(1.001, 1)]
    [InlineData(0.201, 0.2)]
    [InlineData(0.2503, 0.25)]
    [InlineData(7.5, 7.5)]
    public void A_measured_interval_is_taken_for_the_one_that_was_configured(double measured, double configured) =>
        Assert.Equal(configured, ScrapeTiming.Tidy(measured));

    private static Task<RealPrometheus> StartAsync(PodScenario scenario) =>
        RealPrometheus.StartAsync((writer, end) => SimulatedService.Write(writer, scenario, end, Seed));
}
