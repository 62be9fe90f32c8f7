using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Tests.Configuration;

public class ConfigLoaderTests
{
    [Fact]
    public void Three_lines_make_a_target_with_every_default()
    {
        var options = Good("""
            prometheus: { url: http://prometheus:9090 }
            targets:
              - name: checkout
                profile: aspnetcore
                labels: { namespace: shop, job: checkout }
            """);
        Assert.Equal(new Uri("http://prometheus:9090"), options.Prometheus?.Url);
        Assert.Null(options.Grafana);
        Assert.Equal(new EvaluationOptions(), options.Evaluation);
        var target = Assert.Single(options.Targets);
        Assert.Equal(("checkout", "aspnetcore", TargetKind.Service), (target.Name, target.Profile, target.Kind));
        Assert.Equal("shop", target.Labels["namespace"]);
        Assert.Equal(options.Evaluation, target.Evaluation);
        Assert.Equal(400, options.Storage.RetentionDays);
    }

    [Fact]
    public void Nothing_at_all_is_a_configuration_without_targets() => Assert.Empty(Good("").Targets);

    [Fact]
    public void Settings_of_a_target_are_laid_over_those_for_all()
    {
        var options = Good("""
            prometheus: { url: "http://p" }
            evaluation: { stepSeconds: 0.5, baselineSeconds: 60 }
            targets:
              - name: a
                evaluation: { observationSeconds: 25, warmupSeconds: 4 }
            """);
        var evaluation = options.Targets[0].Evaluation;
        Assert.Equal((0.5, 60, 25, 4), (evaluation.StepSeconds, evaluation.BaselineSeconds, evaluation.ObservationSeconds, evaluation.WarmupSeconds));
        Assert.Equal(25, evaluation.MinimumSeconds);
        Assert.Equal(600, options.Evaluation.MinimumSeconds);
    }

    [Fact]
    public void Environment_variables_win_over_the_file_in_any_case_and_add_entries()
    {
        var options = Good(
            "prometheus: { url: http://one }\ntargets: [{ name: a }]\n",
            ("UPGRADEWATCH__PROMETHEUS__URL", "http://two"),
            ("UpgradeWatch__Evaluation__IntervalSeconds", "2.5"),
            ("UPGRADEWATCH__TARGETS__0__SCRAPE__URL", "http://a:80/metrics"),
            ("UPGRADEWATCH__TARGETS__1__NAME", "b"),
            ("UPGRADEWATCH__TARGETS__1__LABELS__JOB", "shop"),
            ("UPGRADEWATCH__INSTANCE__LABELS__clusterName", "eu"),
            ("UPGRADEWATCH_FULL", "1"));
        Assert.Equal("two", options.Prometheus?.Url.Host);
        Assert.Equal(2.5, options.Evaluation.IntervalSeconds);
        Assert.Equal(["a", "b"], options.Targets.Select(target => target.Name));
        Assert.Equal("http://a/metrics", options.Targets[0].ScrapeUrl?.AbsoluteUri);
        Assert.Equal("shop", options.Targets[1].Labels["job"]);
        Assert.Equal("eu", options.Instance.Labels["clusterName"]);
    }

    [Fact]
    public void Ten_targets_can_come_from_the_environment_alone()
    {
        var variables = Enumerable.Range(0, 12).Select(i => ($"UPGRADEWATCH__TARGETS__{i}__NAME", $"t{i}")).Append(("UPGRADEWATCH__PROMETHEUS__URL", "http://p"));
        Assert.Equal(12, Good("", [.. variables]).Targets.Count);
    }

    private static UpgradeWatchOptions Good(string yaml, params (string Name, string Value)[] environment)
    {
        var result = ConfigLoader.Load(yaml, "upgradewatch.yaml", "", environment.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)));
        Assert.Empty(result.Mistakes);
        return result.Options!;
    }
}
