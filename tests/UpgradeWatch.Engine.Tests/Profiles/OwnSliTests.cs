using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Tests.Profiles;

public sealed class OwnSliTests
{
    [Fact]
    public void An_entry_changes_the_SLI_of_the_profile()
    {
        var plan = PlanBuilderTests.Plan(PlanBuilderTests.Target(
            "aspnetcore",
            new SliOptions { Name = "error-ratio", ToleranceAbsolute = 0.01, AbsoluteLimit = 0.05 },
            new SliOptions { Name = "cpu", Critical = true, Direction = Direction.Both, Unit = "processors" },
            new SliOptions { Name = "latency-p50", Enabled = false }));

        var slis = plan.Slis.ToDictionary(sli => sli.Name);
        Assert.Equal(new Tolerance(0.25, 0.01), slis["error-ratio"].Tolerance);
        Assert.Equal(0.05, slis["error-ratio"].AbsoluteLimit);
        Assert.True(slis["cpu"].Critical);
        Assert.Equal((Direction.Both, "processors"), (slis["cpu"].Direction, slis["cpu"].Unit));
        Assert.DoesNotContain("latency-p50", slis.Keys);
    }

    [Fact]
    public void A_signal_that_feeds_nothing_is_not_fetched()
    {
        var plan = PlanBuilderTests.Plan(PlanBuilderTests.Target("aspnetcore", new SliOptions { Name = "cpu", Enabled = false }));

        Assert.DoesNotContain(plan.Signals, signal => signal.Name == "cpu");
    }

    [Fact]
    public void Traffic_is_critical_only_where_less_of_it_is_bad()
    {
        var plan = PlanBuilderTests.Plan(PlanBuilderTests.Target("aspnetcore", new SliOptions { Name = "traffic", Direction = Direction.Up }));

        Assert.False(plan.Slis.Single(sli => sli.Name == "traffic").Critical);
    }

    [Fact]
    public void Own_ratios_latencies_traffic_and_gauges_are_added()
    {
        var plan = PlanBuilderTests.Plan(
            PlanBuilderTests.Target(
                "custom",
                new SliOptions { Name = "orders", Errors = """orders_failed_total{kind="card"}""", Total = "orders_total" },
                new SliOptions { Name = "search", Buckets = "search_milliseconds_bucket" },
                new SliOptions { Name = "mails", Total = "mails_total" },
                new SliOptions { Name = "queue", Query = "queue_length", Aggregation = "max" },
                new SliOptions { Name = "bytes", Query = "sent_bytes_total", Aggregation = "sum" },
                new SliOptions { Name = "share", Query = "sum(rate(a[1m])) / sum(rate(b[1m]))" }),
            "orders_total", "search_milliseconds_bucket", "mails_total", "queue_length", "sent_bytes_total");

        Assert.Equal(
            ["orders", "search", "search-p50", "search-p95", "search-p99", "mails", "queue", "bytes", "share"],
            plan.Slis.Select(sli => sli.Name));
        Assert.Equal(["orders", "search", "search-p95", "search-p99", "mails"], plan.Slis.Where(sli => sli.Critical).Select(sli => sli.Name));
        var signals = plan.Signals.ToDictionary(signal => signal.Name);
        Assert.Equal("""orders_failed_total{kind="card"}""", signals["orders"].Bad[0].ToPromQl());
        Assert.Equal(0.001, signals["search"].BoundUnitSeconds);
        Assert.Equal((GaugeAggregation.Max, false), (signals["queue"].Gauge!.Aggregation, signals["queue"].Gauge!.IsRate));
        Assert.True(signals["bytes"].Gauge!.IsRate);
        Assert.Equal("bytes_per_second", plan.Slis.Single(sli => sli.Name == "bytes").Unit);
        Assert.Equal("sum(rate(a[1m])) / sum(rate(b[1m]))", signals["share"].Gauge!.Query);
        Assert.Contains("orders: orders_failed_total has no series yet", plan.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Ones_own_definition_wins_over_the_profile()
    {
        var plan = PlanBuilderTests.Plan(
            PlanBuilderTests.Target("aspnetcore", new SliOptions { Name = "error-ratio", Errors = "bad_total", Total = "all_total" }),
            "bad_total", "all_total");

        var sli = Assert.Single(plan.Slis, sli => sli.Name == "error-ratio");
        Assert.Equal("all_total", Assert.Single(plan.Signals.Single(signal => signal.Name == sli.Signal).All).Metric);
    }

    [Fact]
    public void An_own_SLI_may_be_called_like_a_signal_of_the_profile()
    {
        var plan = PlanBuilderTests.Plan(PlanBuilderTests.Target("aspnetcore", new SliOptions { Name = "requests", Query = "queue_length" }), "queue_length");

        Assert.Equal(plan.Signals.Count, plan.Signals.Select(signal => signal.Name).Distinct().Count());
        Assert.Equal("queue_length", plan.Signals.Single(signal => signal.Name == plan.Slis.Single(sli => sli.Name == "requests").Signal).Gauge!.Value!.Metric);
    }

    [Fact]
    public void What_an_own_SLI_asks_for_may_be_missing()
    {
        var plan = PlanBuilderTests.Plan(PlanBuilderTests.Target("aspnetcore", new SliOptions { Name = "queue", Query = "queue_length" }));

        Assert.DoesNotContain(plan.Slis, sli => sli.Name == "queue");
        Assert.Contains("queue (no queue_length)", plan.Explanation, StringComparison.Ordinal);
    }

    public static TheoryData<SliOptions, string> Mistakes => new()
    {
        { new SliOptions { Name = "x" }, "slis[x]: not an SLI of profile aspnetcore (error-ratio" },
        { new SliOptions { Name = "x", Errors = "a_total" }, "slis[x].total: is needed" },
        { new SliOptions { Name = "x", Errors = "a_total{", Total = "b_total" }, "slis[x].errors: 'a_total{', column 9" },
        { new SliOptions { Name = "x", Errors = "rate(a[1m])", Total = "b_total" }, "slis[x].errors: 'rate(a[1m])', column 5" },
        { new SliOptions { Name = "x", Buckets = "a_seconds" }, "a_seconds_bucket would be" },
        { new SliOptions { Name = "x", Query = "a", Aggregation = "median" }, "slis[x].aggregation: median is not known" },
        { new SliOptions { Name = "x", Query = "a", Total = "b" }, "slis[x]: only one of" },
        { new SliOptions { Name = "x", Query = "a", Kind = SliKind.Latency }, "slis[x].kind: latency does not go" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_names_its_field(SliOptions options, string expected)
    {
        var reply = PlanBuilder.Build(PlanBuilderTests.Target("aspnetcore", options), PlanBuilderTests.Facts("up"));

        Assert.Equal(SourceFailureKind.Refused, reply.Failure!.Kind);
        Assert.Contains(expected, reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PromQL_is_refused_where_only_selectors_can_be_read()
    {
        var facts = PlanBuilderTests.Facts("a") with { Source = "scrape", UnderstandsPromQl = false };

        var promQl = PlanBuilder.Build(PlanBuilderTests.Target("custom", new SliOptions { Name = "x", Query = "sum(a)" }), facts);
        var plain = PlanBuilder.Build(PlanBuilderTests.Target("custom", new SliOptions { Name = "x", Query = "a" }), facts);
        var pattern = PlanBuilder.Build(PlanBuilderTests.Target("custom", new SliOptions { Name = "x", Query = """a{b=~"("}""" }), facts);

        Assert.Contains("needs Prometheus", promQl.Failure!.Message, StringComparison.Ordinal);
        Assert.NotNull(plain.Value);
        Assert.Contains("the pattern cannot be used", pattern.Failure!.Message, StringComparison.Ordinal);
    }
}
