using System.Net;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Tests.Scrape;

public sealed class ScrapeSourceTests
{
    private const double Gap = double.NaN;

    [Fact]
    public async Task Increments_are_counted_in_the_step_of_their_scrape_and_the_first_values_are_none()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 1000\norders_failed_total 7\n");
        await bench.ScrapeAsync(1, "orders_total 1010\norders_failed_total 7\n");
        await bench.ScrapeAsync(2, "orders_total 1030\norders_failed_total 9\n");

        var steps = await bench.ReadAsync(-1, 3);

        Same([Gap, Gap, 10, 20, Gap], steps.Signals["orders"].All);
        Same([Gap, Gap, 0, 2, Gap], steps.Signals["orders"].Bad);
        Same([-1, 1, 1, 1, -1], steps.Up);
        Same([0, 0, 0, 0, 0], steps.Down);
        Assert.Equal(6, steps.Samples);
    }

    [Fact]
    public async Task What_happened_during_a_missed_scrape_counts_in_the_next_one_and_the_missed_step_is_a_gap()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 10\n");
        await bench.ScrapeAsync(1, "orders_total 20\n");
        bench.Target.Die();
        await bench.ScrapeAsync(2);
        await bench.ScrapeAsync(3, "orders_total 50\n");

        var steps = await bench.ReadAsync(0, 3);

        Same([Gap, 10, Gap, 30], steps.Signals["orders"].All);
        Same([1, 1, 0, 1], steps.Up);
        Same([0, 0, 1, 0], steps.Down);
    }

    [Fact]
    public async Task After_a_restart_the_whole_new_value_counts_and_the_step_says_so()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 100\n");
        await bench.ScrapeAsync(1, "orders_total 110\n");
        await bench.ScrapeAsync(2, "orders_total 4\n");

        var steps = await bench.ReadAsync(1, 2);

        Same([10, 4], steps.Signals["orders"].All);
        Same([false, true], steps.Started);
    }

    [Fact]
    public async Task A_new_series_counts_from_zero_while_the_target_is_up()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 100\n");
        await bench.ScrapeAsync(1, "orders_total 110\norders_failed_total{kind=\"card\"} 3\n");

        Same([Gap, 3], (await bench.ReadAsync(0, 1)).Signals["orders"].Bad);
    }

    [Fact]
    public async Task A_metric_that_appears_makes_a_signal_that_counts_it_from_zero_at_once()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "other 1\n");
        Assert.Equal(SourceFailureKind.Empty, (await bench.Source.PlanAsync(bench.Options, CancellationToken.None)).Failure?.Kind);

        await bench.ScrapeAsync(1, "other 1\norders_total 5\n");

        Same([5], (await bench.ReadAsync(1, 1)).Signals["orders"].All);
    }

    [Fact]
    public async Task A_value_that_comes_back_after_a_long_outage_is_no_increment()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 100\n");
        bench.Target.Die();
        for (var step = 1; step <= 31; step++) await bench.ScrapeAsync(step);
        await bench.ScrapeAsync(32, "orders_total 900\n");
        await bench.ScrapeAsync(33, "orders_total 903\n");

        Same([Gap, 3], (await bench.ReadAsync(32, 33)).Signals["orders"].All);
    }

    [Fact]
    public async Task A_process_that_has_just_started_is_counted_from_zero_even_when_it_is_seen_for_the_first_time()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        var start = (ScrapeBench.FirstStep - 1) * ScrapeBench.Step;
        await bench.ScrapeAsync(0, $"orders_total 12\nprocess_start_time_seconds {start:R}\n");

        var steps = await bench.ReadAsync(0, 0);

        Same([12], steps.Signals["orders"].All);
        Same([true], steps.Started);
    }

    [Fact]
    public async Task A_process_start_that_moves_is_a_start_and_one_that_stays_is_none()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 12\nprocess_start_time_seconds 1e9\n");
        await bench.ScrapeAsync(1, "orders_total 13\nprocess_start_time_seconds 1e9\n");
        await bench.ScrapeAsync(2, "orders_total 14\nprocess_start_time_seconds 1.2e9\n");

        Same([false, false, true], (await bench.ReadAsync(0, 2)).Started);
    }

    [Fact]
    public async Task A_histogram_gives_counts_by_bound_and_all_requests()
    {
        using var bench = new ScrapeBench(ScrapeBench.Latency);
        await bench.ScrapeAsync(0, Histogram(("0.1", 5), ("1", 8), ("+Inf", 9)));
        await bench.ScrapeAsync(1, Histogram(("0.1", 6), ("1", 10), ("+Inf", 12)));

        var signal = (await bench.ReadAsync(0, 1)).Signals["latency"];

        Same([0.1, 1, double.PositiveInfinity], signal.Bounds);
        Same([[Gap, 1], [Gap, 2], [Gap, 3]], signal.Buckets!);
        Same([Gap, 3], signal.All);
    }

    [Fact]
    public async Task Of_bounds_that_change_those_that_stay_are_used()
    {
        using var bench = new ScrapeBench(ScrapeBench.Latency);
        await bench.ScrapeAsync(0, Histogram(("0.1", 5), ("1", 8), ("+Inf", 9)));
        await bench.ScrapeAsync(1, Histogram(("0.1", 6), ("1", 9), ("+Inf", 10)));
        await bench.ScrapeAsync(2, Histogram(("0.25", 2), ("1", 4), ("+Inf", 5)));

        var signal = (await bench.ReadAsync(1, 2)).Signals["latency"];

        Same([1, double.PositiveInfinity], signal.Bounds);
        Same([[1, 4], [1, 5]], signal.Buckets!);
    }

    [Fact]
    public async Task Several_series_of_a_gauge_need_an_aggregation()
    {
        var queue = new SliOptions { Name = "queue", Query = "queue_length" };
        using var bench = new ScrapeBench(queue, queue with { Name = "longest", Aggregation = "max" });
        await bench.ScrapeAsync(0, "queue_length{shard=\"a\"} 3\nqueue_length{shard=\"b\"} 5\n");

        var signals = (await bench.ReadAsync(0, 0)).Signals;

        Assert.Contains("queue_length{shard=\"b\"}", signals["queue"].Failure!.Message, StringComparison.Ordinal);
        Same([5], signals["longest"].Values);
    }

    [Fact]
    public async Task A_counter_as_a_gauge_is_its_increase_per_second()
    {
        using var bench = new ScrapeBench(new SliOptions { Name = "cpu", Query = "process_cpu_seconds_total" });
        await bench.ScrapeAsync(0, "process_cpu_seconds_total 100\n");
        await bench.ScrapeAsync(1, "process_cpu_seconds_total 105\n");

        Same([Gap, 0.5], (await bench.ReadAsync(0, 1)).Signals["cpu"].Values);
    }

    [Fact]
    public async Task A_target_that_never_answered_has_no_plan_and_the_cause_is_named()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        Assert.Equal(SourceFailureKind.Empty, (await bench.Source.PlanAsync(bench.Options, CancellationToken.None)).Failure?.Kind);

        await bench.ScrapeAsync(0);

        var failure = (await bench.Source.PlanAsync(bench.Options, CancellationToken.None)).Failure!;
        Assert.Equal(SourceFailureKind.Unreachable, failure.Kind);
        Assert.Contains("the connection is refused", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, SourceFailureKind.Unauthorized)]
    [InlineData(HttpStatusCode.Found, SourceFailureKind.Broken)]
    [InlineData(HttpStatusCode.NotFound, SourceFailureKind.Refused)]
    [InlineData(HttpStatusCode.TooManyRequests, SourceFailureKind.Throttled)]
    public async Task A_refused_scrape_is_trouble_with_the_source_until_it_is_answered_again(HttpStatusCode status, SourceFailureKind kind)
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 1\n");
        var plan = await bench.PlanAsync();
        bench.Target.Fail(status);
        await bench.ScrapeAsync(1);

        var reply = await bench.Source.ReadAsync(plan, ScrapeBench.FirstStep, ScrapeBench.FirstStep + 1, CancellationToken.None);
        Assert.Equal(kind, reply.Failure?.Kind);

        await bench.ScrapeAsync(2, "orders_total 5\n");
        var steps = await bench.ReadAsync(0, 2);
        Same([Gap, Gap, 4], steps.Signals["orders"].All);
        Same([1, -1, 1], steps.Up);
    }

    [Fact]
    public async Task A_server_error_is_a_target_that_is_down()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 1\n");
        bench.Target.Fail(HttpStatusCode.ServiceUnavailable);
        await bench.ScrapeAsync(1);

        Same([0, 1], (await bench.ReadAsync(0, 1)).Down);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_changes_nothing_and_the_target_is_down()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 100\norders_failed_total 10\n");
        bench.Target.BreakOff("orders_total 120\norders_failed_total 1");
        await bench.ScrapeAsync(1);
        await bench.ScrapeAsync(2, "orders_total 130\norders_failed_total 12\n");

        var steps = await bench.ReadAsync(0, 2);

        Same([Gap, Gap, 30], steps.Signals["orders"].All);
        Same([Gap, Gap, 2], steps.Signals["orders"].Bad);
        Same([0, 1, 0], steps.Down);
    }

    [Fact]
    public async Task It_asks_for_OpenMetrics_packed_and_unpacks_it()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        bench.Target.ExposeGzip("orders_total 1\n");

        Assert.Null(await bench.ScrapeAsync(0));
        Assert.Equal("gzip", bench.Target.Asked!.AcceptEncoding.ToString());
        Assert.Contains("application/openmetrics-text", bench.Target.Asked.Accept.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(20)]
    public async Task A_packed_body_that_is_cut_short_is_refused(int cut)
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        bench.Target.ExposeGzip(string.Concat(Enumerable.Range(0, 500).Select(index => $"orders_total{{shard=\"{index}\"}} {index * 7}\n")), cut);

        Assert.Equal(SourceFailureKind.Broken, (await bench.ScrapeAsync(0))?.Kind);
    }

    [Fact]
    public async Task A_plan_with_other_signals_than_the_configuration_is_recorded_from_then_on()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        const string Body = "orders_total 100\npayments_total 50\n";
        await bench.ScrapeAsync(0, Body);
        var plan = await bench.PlanAsync();
        var old = plan with { Signals = [plan.Signals[0] with { All = [new("payments_total", [])] }] };

        Same([Gap], (await bench.ReadAsync(0, 0, old)).Signals["orders"].All);
        await bench.ScrapeAsync(1, Body);
        await bench.ScrapeAsync(2, "orders_total 100\npayments_total 53\n");

        Same([Gap, 3], (await bench.ReadAsync(1, 2, old)).Signals["orders"].All);
    }

    [Fact]
    public async Task A_plan_with_another_step_is_refused_with_both_lengths()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 1\n");
        var plan = await bench.PlanAsync() with { StepSeconds = 30 };

        var failure = (await bench.Source.ReadAsync(plan, 1, 2, CancellationToken.None)).Failure!;

        Assert.Contains("10 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains("30 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_those_of_the_last_scrape()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 1\nold 1\n");
        await bench.ScrapeAsync(1, "orders_total 1\nnew 1\n");

        Same(["new", "orders_total"], await bench.Source.MetricNamesAsync(await bench.PlanAsync(), CancellationToken.None));
    }

    [Fact]
    public async Task When_the_clock_is_set_back_nothing_is_counted_twice()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 1\n");
        await bench.ScrapeAsync(1, "orders_total 11\n");
        await bench.ScrapeAsync(2, "orders_total 31\n");
        await bench.ScrapeAsync(1, "orders_total 36\n");

        Same([Gap, 5, Gap], (await bench.ReadAsync(0, 2)).Signals["orders"].All);
    }

    [Fact]
    public async Task Scrapes_and_samples_are_counted()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await bench.ScrapeAsync(0, "orders_total 1\nunused 3\n");
        bench.Target.Die();
        await bench.ScrapeAsync(1);

        Assert.Equal(1, bench.Counters.Requests[("scrape", "ok")]);
        Assert.Equal(1, bench.Counters.Requests[("scrape", "error")]);
        Assert.Equal(1, bench.Counters.Fetched["scrape"]);
        Assert.Equal(SourceFailureKind.Unreachable, bench.Counters.Health["scrape"].Failure?.Kind);
    }

    private static void Same<T>(T[] expected, IEnumerable<T>? actual) => Assert.Equal(expected.AsEnumerable(), actual);

    private static string Histogram(params (string Bound, int Count)[] buckets) =>
        string.Concat(buckets.Select(bucket => $"duration_seconds_bucket{{le=\"{bucket.Bound}\"}} {bucket.Count}\n"));
}
