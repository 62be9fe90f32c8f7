using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Tests.Profiles;

/// <summary>The profiles against what the producers print, through a real Prometheus.</summary>
[Collection(ProfileFleetCollection.Name)]
public sealed class ProfileExpositionTests(ProfileFleet fleet)
{
    public static TheoryData<string> Expositions => [.. ProfileCase.All.Select(expected => expected.Exposition)];

    [Theory]
    [MemberData(nameof(Expositions))]
    public async Task The_profile_is_recognised_by_what_the_target_shows(string exposition)
    {
        var expected = Case(exposition);

        var plan = await PlanAsync(expected);

        Assert.Equal(expected.Profile, plan.Profile);
        Assert.Contains($"Profile {expected.Profile} was chosen because the target has", plan.Explanation, StringComparison.Ordinal);
        string[] latency = expected.HasLatency ? ["latency", "latency-p50", "latency-p95", "latency-p99"] : [];
        Assert.Equal(
            ["error-ratio", .. latency, "traffic", .. expected.Gauges.Keys],
            plan.Slis.Select(sli => sli.Name));
    }

    [Theory]
    [MemberData(nameof(Expositions))]
    public async Task Requests_and_errors_are_counted_right(string exposition)
    {
        var requests = (await PlanAsync(Case(exposition))).Signals.Single(signal => signal.Name == "requests");
        var all = requests.All.Count > 0
            ? Sum(requests.All)
            : Sum([requests.Buckets!.With([new LabelMatch("le", MatchOperator.Equal, "+Inf")])]);

        Assert.Equal(100, await PerScrapeAsync(all, exposition), 6);
        Assert.Equal(4, await PerScrapeAsync(Sum(requests.Bad), exposition), 6);
    }

    [Theory]
    [MemberData(nameof(Expositions))]
    public async Task Quantiles_come_out_in_seconds(string exposition)
    {
        var requests = (await PlanAsync(Case(exposition))).Signals.Single(signal => signal.Name == "requests");
        if (requests.Buckets is null) return;

        foreach (var (quantile, low, high) in new[] { (0.5, 0.005, 0.035), (0.95, 0.1, 0.26), (0.99, 1.0, 2.6) })
        {
            var seconds = await fleet.Prometheus.Query.ValueAsync(
                $"histogram_quantile({quantile}, sum by (le) ({requests.Buckets.ToPromQl()})) * {requests.BoundUnitSeconds}");
            Assert.InRange(seconds!.Value, low, high);
        }
    }

    [Theory]
    [MemberData(nameof(Expositions))]
    public async Task Saturation_is_one_number_for_each_measure(string exposition)
    {
        var expected = Case(exposition);
        var plan = await PlanAsync(expected);

        foreach (var (name, value) in expected.Gauges)
        {
            var gauge = plan.Signals.Single(signal => signal.Name == name).Gauge!;
            var query = Aggregate(gauge, gauge.Value!) + (gauge.Per is null ? "" : " / " + Aggregate(gauge, gauge.Per));
            var measured = gauge.IsRate ? await PerScrapeAsync(query, exposition) : await fleet.Prometheus.Query.ValueAsync(query);
            Assert.Equal(value, measured!.Value, 6);
        }
    }

    [Fact]
    public async Task A_timer_without_buckets_says_how_to_get_them()
    {
        var plan = await PlanAsync(Case("spring-boot-summary"));

        Assert.Contains("percentiles-histogram.http.server.requests=true", plan.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prometheus_takes_every_label_value_as_it_was_meant()
    {
        const string Hostile = "a\\b\"c\n} or vector(1) #'`é";

        var selector = new Selector("up", [new LabelMatch("job", MatchOperator.NotEqual, Hostile), new LabelMatch("job", MatchOperator.Equal, "istio")]);

        Assert.Equal(1, await fleet.Prometheus.Query.ValueAsync(selector.ToPromQl()));
        Assert.Null(await fleet.Prometheus.Query.ValueAsync(selector.With([new LabelMatch("job", MatchOperator.Equal, Hostile)]).ToPromQl()));
    }

    private static ProfileCase Case(string exposition) => ProfileCase.All.Single(expected => expected.Exposition == exposition);

    private static string Sum(IReadOnlyList<Selector> selectors) =>
        string.Join(" + ", selectors.Select(selector => $"(sum({selector.ToPromQl()}) or vector(0))"));

    private static string Aggregate(GaugeDefinition gauge, Selector selector) => $"{gauge.Aggregation.ToString().ToLowerInvariant()}({selector.ToPromQl()})";

    private async Task<TargetPlan> PlanAsync(ProfileCase expected)
    {
        var reply = PlanBuilder.Build(expected.Target, new SourceFacts
        {
            Source = "prometheus",
            MetricNames = await fleet.MetricNamesAsync(expected.Exposition),
            ScrapeIntervalSeconds = 0.5,
            DelaySeconds = 1,
        });
        Assert.Null(reply.Failure);
        return reply.Value!;
    }

    private async Task<double> PerScrapeAsync(string query, string job) =>
        (await fleet.Prometheus.Query.ValueAsync($"({query}) / sum({Exposition.Scrapes}{{job=\"{job}\"}})"))!.Value;
}
