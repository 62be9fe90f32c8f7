using UpgradeWatch.Dashboards;
using UpgradeWatch.Dashboards.Alerting;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Dashboards;

/// <summary>The rules for Prometheus, held by promtool and by what happens when a metric has another name.</summary>
public sealed class PrometheusRuleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Alerts => [.. UpgradeWatch.Dashboards.Alerting.Alerts.All.Select(alert => alert.Uid)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Promtool_takes_them()
    {
        var (exitCode, _, output) = await TestProcess.RunAsync("promtool", ["check", "rules", "--lint-fatal", Path.Combine(Repository.Dashboards, "alerting/prometheus-rules.yaml")]);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task They_fire_when_they_should_and_not_otherwise()
    {
        var (passed, output) = await TestAsync(UpgradeWatch.Dashboards.Alerting.Alerts.All, Repository.RuleTests);

        Assert.True(passed, output);
    }

    [Fact]
    public void Each_is_tested_firing_and_not_firing()
    {
        var tests = string.Concat(Repository.RuleTests.Select(File.ReadAllText)).ReplaceLineEndings("\n");

        foreach (var name in UpgradeWatch.Dashboards.Alerting.Alerts.All.Select(alert => alert.Name).Distinct())
        {
            Assert.Contains($"alertname: {name}\n        exp_alerts:\n          - exp_labels", tests, StringComparison.Ordinal);
            Assert.Contains($"alertname: {name}\n        exp_alerts: []", tests, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public async Task The_tests_notice_a_metric_of_another_name(string uid)
    {
        var all = UpgradeWatch.Dashboards.Alerting.Alerts.All;
        var alert = all.Single(one => one.Uid == uid);
        var metrics = PromQl.Metrics(string.Join('\n', alert.Details.Select(detail => detail.Expression).Prepend(alert.Expression))).ToList();
        Assert.NotEmpty(metrics);
        var tests = Repository.RuleTests.Where(test => File.ReadAllText(test).Contains($"alertname: {alert.Name}\n", StringComparison.Ordinal)).ToList();

        foreach (var metric in metrics)
        {
            var renamed = alert with
            {
                Expression = Rename(alert.Expression, metric),
                Details = [.. alert.Details.Select(detail => detail with { Expression = Rename(detail.Expression, metric) })],
            };
            var (passed, _) = await TestAsync([.. all.Select(one => one == alert ? renamed : one)], tests);
            Assert.False(passed, $"{metric} can be renamed in {uid}, and no test goes red");
        }
    }

    private static string Rename(string expression, string metric) =>
        System.Text.RegularExpressions.Regex.Replace(expression, $@"\b{metric}\b", $"{metric}_renamed");

    private async Task<(bool Passed, string Output)> TestAsync(IReadOnlyList<Alert> alerts, IReadOnlyList<string> chosen)
    {
        var rules = _folder.Write("rules.yaml", PrometheusRules.Write(alerts));
        List<string> tests = [];
        foreach (var test in chosen)
            tests.Add(_folder.Write(Path.GetFileName(test), (await File.ReadAllTextAsync(test)).Replace("RULES", rules, StringComparison.Ordinal)));
        var (exitCode, _, output) = await TestProcess.RunAsync("promtool", ["test", "rules", .. tests]);
        return (exitCode == 0, output);
    }
}
