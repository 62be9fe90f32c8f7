using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Tests.Profiles;

public sealed class ProfileCatalogTests
{
    [Fact]
    public void Every_configurable_name_is_there() =>
        Assert.Equal(
            ["aspnetcore", "auto", "custom", "grpc", "istio", "nginx-ingress", "opentelemetry-http", "postgresql", "prometheus-net", "spring-boot"],
            ProfileCatalog.Names.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_profile_names_where_its_metrics_are_documented() =>
        Assert.All(ProfileCatalog.All, profile =>
        {
            Assert.NotEmpty(profile.Documentation);
            Assert.All(profile.Documentation, address => Assert.Equal("https", new Uri(address).Scheme));
        });

    [Fact]
    public void A_profile_is_found_by_its_name()
    {
        Assert.All(ProfileCatalog.All, profile => Assert.Same(profile, ProfileCatalog.Find(profile.Name)));
        Assert.Null(ProfileCatalog.Find("auto"));
    }

    [Fact]
    public void What_the_application_says_comes_before_what_stands_in_front_of_it()
    {
        var reply = Build("istio_request_duration_milliseconds_bucket", "http_server_requests_seconds_count");

        Assert.Equal("spring-boot", reply.Value!.Profile);
        Assert.Contains("was chosen because the target has http_server_requests_seconds_count; istio would fit too", reply.Value.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_metric_means_aspnetcore_only_beside_signs_of_it()
    {
        Assert.Equal("opentelemetry-http", Build("http_server_request_duration_seconds_bucket").Value!.Profile);
        Assert.Equal("aspnetcore", Build("http_server_request_duration_seconds_bucket", "kestrel_active_connections").Value!.Profile);
    }

    [Fact]
    public void A_database_is_looked_at_as_one()
    {
        string[] both = ["pg_stat_database_xact_commit", "grpc_server_handled_total"];

        Assert.Equal("grpc", Build(both).Value!.Profile);
        Assert.Equal("postgresql", PlanBuilder.Build(PlanBuilderTests.Target("auto") with { Kind = TargetKind.Database }, PlanBuilderTests.Facts(both)).Value!.Profile);
    }

    [Fact]
    public void Without_a_fitting_profile_near_names_are_proposed()
    {
        var failure = Build("shop_http_request_duration_seconds_bucket", "shop_orders_failed_total", "go_goroutines", "process_open_fds").Failure!;

        Assert.Equal(SourceFailureKind.Empty, failure.Kind);
        Assert.Contains(
            "Of its 4 metrics these come nearest: shop_http_request_duration_seconds_bucket, shop_orders_failed_total.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("aspnetcore (http_server_request_duration_seconds_bucket)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_without_any_series_says_so() => Assert.Contains("no series at all", Build().Failure!.Message, StringComparison.Ordinal);

    [Fact]
    public void Own_SLIs_do_without_a_profile()
    {
        var target = PlanBuilderTests.Target("auto", new SliOptions { Name = "queue", Query = "queue_length" });

        var plan = PlanBuilder.Build(target, PlanBuilderTests.Facts("queue_length")).Value!;

        Assert.Equal("custom", plan.Profile);
        Assert.Equal("queue", Assert.Single(plan.Slis).Name);
    }

    private static SourceReply<TargetPlan> Build(params string[] metricNames) =>
        PlanBuilder.Build(PlanBuilderTests.Target("auto"), PlanBuilderTests.Facts(metricNames));
}
