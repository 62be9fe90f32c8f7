using System.Diagnostics;
using UpgradeWatch.Tests.Hosting;
using UpgradeWatch.Tests.Http;

namespace UpgradeWatch.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public async Task Promtool_has_nothing_to_say_about_them()
    {
        const string Promtool = "/usr/bin/promtool";
        if (!File.Exists(Promtool)) return;
        await using var server = await RunningServer.StartAsync();
        await VerdictApiTests.FailAsync(server);
        var text = await server.Metrics.GetStringAsync("/metrics");

        using var promtool = Process.Start(new ProcessStartInfo(Promtool, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        var said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();

        Assert.Equal("", said);
        Assert.Equal(0, promtool.ExitCode);
    }

    [Fact]
    public async Task Every_state_is_one_hot_and_the_upgrade_is_only_on_its_info()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await VerdictApiTests.FailAsync(server);

        var metrics = await ReadAsync(server);

        foreach (var family in new[] { "upgradewatch_upgrade_phase{target=\"checkout\"", "upgradewatch_verdict{target=\"checkout\"", "upgradewatch_sli_status{target=\"checkout\",sli=\"error-ratio\"", "upgradewatch_checklist_item{target=\"checkout\",item=\"monitor-metrics\"" })
            Assert.Equal(1, metrics.Where(m => m.Key.StartsWith(family, StringComparison.Ordinal)).Sum(m => m.Value));
        Assert.Equal(1, metrics["upgradewatch_upgrade_phase{target=\"checkout\",phase=\"post-upgrade\"}"]);
        Assert.Equal(1, metrics["upgradewatch_upgrade_phase{target=\"cart\",phase=\"none\"}"]);
        Assert.Equal(1, metrics["upgradewatch_verdict{target=\"checkout\",status=\"fail\"}"]);
        Assert.Equal(1, metrics["upgradewatch_checklist_item{target=\"checkout\",item=\"monitor-metrics\",status=\"flagged\"}"]);
        Assert.Equal(1, metrics["upgradewatch_finding_info{target=\"checkout\",sli=\"error-ratio\",status=\"fail\",code=\"level\"}"]);
        Assert.Equal(0.1, metrics["upgradewatch_sli_value{target=\"checkout\",sli=\"error-ratio\",unit=\"ratio\"}"], 3);
        Assert.Equal(1, metrics["upgradewatch_target_info{target=\"checkout\",kind=\"service\",target_namespace=\"shop\",cluster=\"eu-1\",environment=\"test\",owner=\"shop-team\"}"]);
        Assert.Equal([$"upgradewatch_upgrade_info{{target=\"checkout\",upgrade=\"{id}\",from_version=\"1.4.2\",to_version=\"1.5.0\"}}"], metrics.Keys.Where(k => k.Contains(id, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_has_ended_is_shown_for_an_hour_and_then_the_phase_is_none()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await VerdictApiTests.FailAsync(server);
        await server.MoveAsync(id, "aborted");

        server.Time.Advance(TimeSpan.FromMinutes(59));
        var still = await ReadAsync(server);
        server.Time.Advance(TimeSpan.FromMinutes(2));
        var gone = await ReadAsync(server);

        Assert.Equal(1, still["upgradewatch_upgrade_phase{target=\"checkout\",phase=\"aborted\"}"]);
        Assert.Contains(still.Keys, k => k.StartsWith("upgradewatch_sli_status{target=\"checkout\"", StringComparison.Ordinal));
        Assert.Equal(1, gone["upgradewatch_upgrade_phase{target=\"checkout\",phase=\"none\"}"]);
        Assert.DoesNotContain(gone.Keys, k => k.StartsWith("upgradewatch_sli", StringComparison.Ordinal) || k.StartsWith("upgradewatch_verdict{", StringComparison.Ordinal) || k.StartsWith("upgradewatch_upgrade_info", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Counters_start_at_zero_for_every_value_and_count_what_changes()
    {
        await using var server = await RunningServer.StartAsync();
        var before = await ReadAsync(server);
        await VerdictApiTests.FailAsync(server);
        var after = await ReadAsync(server);

        foreach (var phase in new[] { "pre-upgrade", "upgrading", "post-upgrade", "completed", "rolling-back", "rolled-back", "aborted" })
            Assert.Equal(0, before[$"upgradewatch_phase_transitions_total{{target=\"checkout\",phase=\"{phase}\"}}"]);
        foreach (var status in new[] { "pending", "pass", "warn", "fail", "inconclusive" })
        {
            Assert.Equal(0, before[$"upgradewatch_findings_total{{target=\"cart\",status=\"{status}\"}}"]);
            Assert.Equal(0, before[$"upgradewatch_verdicts_total{{target=\"cart\",status=\"{status}\"}}"]);
        }

        Assert.Equal(0, before["upgradewatch_source_requests_total{source=\"prometheus\",outcome=\"error\"}"]);
        Assert.Equal(0, before["upgradewatch_source_samples_needed_total{source=\"prometheus\"}"]);
        Assert.Equal(1, after["upgradewatch_phase_transitions_total{target=\"checkout\",phase=\"post-upgrade\"}"]);
        Assert.Equal(1, after["upgradewatch_verdicts_total{target=\"checkout\",status=\"fail\"}"]);
        Assert.Equal(1, after["upgradewatch_findings_total{target=\"checkout\",status=\"fail\"}"]);
    }

    [Fact]
    public async Task The_last_look_is_exposed_also_when_there_was_nothing_to_judge()
    {
        await using var server = await RunningServer.StartAsync();

        await server.PassAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(RunningServer.Start.AddSeconds(15).ToUnixTimeSeconds(), (await ReadAsync(server))["upgradewatch_last_evaluation_timestamp_seconds"]);
    }

    [Fact]
    public async Task More_than_50_targets_are_counted_and_not_exposed()
    {
        using var folder = new TestKit.Processes.TempFolder();
        await using var server = await RunningServer.StartAsync(RunningServer.Options(folder.File("store.db"), [.. Enumerable.Range(0, 53).Select(i => $"target-{i}")]));

        var metrics = await ReadAsync(server);

        Assert.Equal(50, metrics.Keys.Count(k => k.StartsWith("upgradewatch_target_info", StringComparison.Ordinal)));
        Assert.Equal(3, metrics["upgradewatch_dropped_series{kind=\"target\"}"]);
    }

    [Fact]
    public async Task A_scraper_may_ask_for_OpenMetrics()
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        using var answer = await server.Metrics.SendAsync(request);

        Assert.Equal("application/openmetrics-text", answer.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith("# EOF\n", await answer.Content.ReadAsStringAsync());
    }

    private static async Task<Dictionary<string, double>> ReadAsync(RunningServer server) =>
        (await server.Metrics.GetStringAsync("/metrics")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..]));
}
