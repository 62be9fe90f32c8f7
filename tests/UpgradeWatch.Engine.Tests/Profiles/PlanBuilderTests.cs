using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Tests.Profiles;

public sealed class PlanBuilderTests
{
    private static readonly string[] AspNetCore =
    [
        "http_server_request_duration_seconds_bucket", "http_server_request_duration_seconds_count", "http_server_request_duration_seconds_sum",
        "kestrel_active_connections", "dotnet_process_cpu_time_seconds_total", "dotnet_gc_pause_time_seconds_total",
    ];

    [Fact]
    public void The_labels_of_the_target_are_in_every_selector()
    {
        var plan = Plan(Target("aspnetcore") with { Labels = new Dictionary<string, string> { ["namespace"] = "shop", ["job"] = "check\"out" } });

        var requests = plan.Signals.Single(signal => signal.Name == "requests");
        Assert.Equal("""http_server_request_duration_seconds_bucket{job="check\"out",namespace="shop"}""", requests.Buckets!.ToPromQl());
        Assert.Equal(
            """http_server_request_duration_seconds_count{http_response_status_code=~"5..",job="check\"out",namespace="shop"}""",
            Assert.Single(requests.Bad).ToPromQl());
        Assert.Equal("""job="check\"out",namespace="shop" """.Trim(), plan.TargetMatches.ToPromQl());
    }

    [Fact]
    public void What_is_critical_and_what_matters_is_as_documented()
    {
        var slis = Plan(Target("aspnetcore")).Slis.ToDictionary(sli => sli.Name);

        Assert.Equal(["error-ratio", "latency", "latency-p95", "latency-p99", "traffic"], slis.Values.Where(sli => sli.Critical).Select(sli => sli.Name));
        Assert.Equal(["cpu", "gc", "latency-p50"], slis.Values.Where(sli => !sli.Critical).Select(sli => sli.Name).Order());
        Assert.Equal(new Tolerance(0.25, 0.001), slis["error-ratio"].Tolerance);
        Assert.Equal(new Tolerance(0.10, null), slis["latency-p99"].Tolerance);
        Assert.Equal(new Tolerance(0.30, null), slis["traffic"].Tolerance);
        Assert.Equal(new Tolerance(0.30, null), slis["cpu"].Tolerance);
        Assert.Equal(Direction.Down, slis["traffic"].Direction);
        Assert.All(slis.Values.Where(sli => sli.Name != "traffic"), sli => Assert.Equal(Direction.Up, sli.Direction));
    }

    [Fact]
    public void What_the_target_does_not_have_is_left_out_and_said()
    {
        var plan = Plan(Target("aspnetcore"));

        Assert.DoesNotContain(plan.Slis, sli => sli.Name == "memory");
        Assert.Contains("memory (no dotnet_process_memory_working_set_bytes", plan.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_without_anything_to_judge_is_refused_with_near_names()
    {
        var reply = PlanBuilder.Build(Target("aspnetcore"), Facts("shop_requests_total", "go_goroutines"));

        Assert.Equal(SourceFailureKind.Empty, reply.Failure!.Kind);
        Assert.Contains("shop_requests_total", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_profile_is_refused_with_the_known_ones()
    {
        var reply = PlanBuilder.Build(Target("asp"), Facts(AspNetCore));

        Assert.Equal(SourceFailureKind.Refused, reply.Failure!.Kind);
        Assert.Contains("targets[checkout].profile: asp", reply.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("prometheus-net", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15, 15, 15)]
    [InlineData(15, 10, 20)]
    [InlineData(15, 60, 60)]
    [InlineData(0.3, 0.1, 0.3)]
    [InlineData(1, 0.3, 1.2)]
    public void A_step_is_the_smallest_multiple_of_the_scrape_interval_that_is_long_enough(double configured, double interval, double step) =>
        Assert.Equal(step, PlanBuilder.StepSeconds(configured, interval), 9);

    [Fact]
    public void A_configured_delay_wins_over_the_measured_one()
    {
        var target = Target("aspnetcore");

        Assert.Equal(2, Plan(target).DelaySeconds);
        Assert.Equal(7, Plan(target with { Evaluation = new EvaluationOptions { DelaySeconds = 7 } }).DelaySeconds);
    }

    internal static TargetOptions Target(string profile, params SliOptions[] slis) => new() { Name = "checkout", Profile = profile, Slis = slis };

    internal static SourceFacts Facts(params string[] metricNames) => new()
    {
        Source = "prometheus",
        MetricNames = metricNames.ToHashSet(),
        ScrapeIntervalSeconds = 15,
        DelaySeconds = 2,
    };

    internal static TargetPlan Plan(TargetOptions target, params string[] metricNames)
    {
        var reply = PlanBuilder.Build(target, Facts([.. AspNetCore, .. metricNames]));
        Assert.Null(reply.Failure);
        return reply.Value!;
    }
}
