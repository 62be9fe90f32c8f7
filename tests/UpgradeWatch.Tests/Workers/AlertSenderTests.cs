using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Configuration;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Tests.Hosting;
using UpgradeWatch.Workers;

namespace UpgradeWatch.Tests.Workers;

/// <summary>Alerts that UpgradeWatch sends itself, in a real Alertmanager.</summary>
public sealed class AlertSenderTests()
    // Far behind the clock of Alertmanager.
    : AlertmanagerTests(RunningServer.Start)
{
    [Fact]
    public async Task What_fails_fires_once_with_its_sentence_and_ends_when_it_was_rolled_back()
    {
        await using var server = await StartAsync();
        var id = await FailAsync(server);

        await SendAsync(server);
        await SendAsync(server);

        var alert = Assert.Single(await View.AlertsAsync());
        Assert.Equal(("UpgradeAnomaly", "critical", "checkout", "shop", "eu-1"), (alert.Label("alertname"), alert.Label("severity"), alert.Label("target"), alert.Label("namespace"), alert.Label("cluster")));
        Assert.Null(alert.Label("sli"));
        Assert.StartsWith("Upgrade of checkout 1.4.2 to 1.5.0: error-ratio is 10 %", alert.Annotation("summary"));
        Assert.Contains("upgradewatch rollback --target checkout", alert.Annotation("description"));
        Assert.Equal("https://wiki.example.com/uw#upgradeanomaly", alert.Annotation("runbook_url"));
        Assert.Equal("https://grafana.example.com/d/upgradewatch-upgrade?var-target=checkout", alert.Annotation("dashboard_url"));
        Assert.InRange(alert.EndsAt() - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(121));

        await server.MoveAsync(id, "rolling-back");
        await SendAsync(server);
        Assert.Single(await View.AlertsAsync());
        await server.MoveAsync(id, "rolled-back");
        await SendAsync(server);
        Assert.Empty(await View.AlertsAsync());
    }

    [Fact]
    public async Task It_began_when_its_cause_did_and_its_end_still_says_what_it_was()
    {
        await using var server = await StartAsync();
        var id = await FailAsync(server);
        await SendAsync(server);
        var first = Assert.Single(await View.AlertsAsync());
        Assert.True(first.StartsAt() <= TimeProvider.System.GetUtcNow(), $"it began at {first.StartsAt():O}");
        await SendAsync(server);
        Assert.Equal(first.StartsAt(), Assert.Single(await View.AlertsAsync()).StartsAt());

        await server.MoveAsync(id, "rolling-back");
        await server.MoveAsync(id, "rolled-back");
        await SendAsync(server);
        Assert.Empty(await View.AlertsAsync());
    }

    [Fact]
    public async Task What_has_failed_goes_on_firing_while_nobody_looks_and_after_a_start()
    {
        await using (var server = await StartAsync())
        {
            await FailAsync(server);
            await SendAsync(server);
            Time.Advance(TimeSpan.FromMinutes(5));
            await SendAsync(server);
            Assert.Single(await View.AlertsAsync());
        }

        await using var second = await StartAsync();
        Time.Advance(TimeSpan.FromMinutes(5));
        await SendAsync(second);
        Assert.Single(await View.AlertsAsync());
        Assert.Contains("upgradewatch_verdict{target=\"checkout\",status=\"fail\"} 1", await second.Metrics.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_without_labels_ends_no_alert_of_one_that_has_some()
    {
        await View.PostAsync(("alertname", "UpgradeAnomaly"), ("target", "checkout"), ("source", "upgradewatch"), ("sender", "upgradewatch"), ("cluster", "eu-1"));
        await View.PostAsync(("alertname", "UpgradeAnomaly"), ("target", "checkout"), ("source", "upgradewatch"), ("sender", "upgradewatch"));
        var options = RunningServer.Options(Folder.File("store.db"));
        await using var server = await RunningServer.StartAsync(
            options with { Alertmanager = new AlertmanagerSection(new EndpointOptions { Url = AlertmanagerUrl }, []), Instance = options.Instance with { Labels = new Dictionary<string, string>() } }, time: Time);

        await SendAsync(server);

        Assert.Equal("eu-1", Assert.Single(await View.AlertsAsync()).Label("cluster"));
    }

    [Fact]
    public async Task What_is_acknowledged_fires_no_more()
    {
        await using var server = await StartAsync();
        var id = await FailAsync(server);
        await SendAsync(server);
        Assert.Single(await View.AlertsAsync());

        using var said = await server.PostAsync($"/api/v1/upgrades/{id}/findings/error-ratio/acknowledge", """{"reason":"a bot"}""");
        Assert.True(said.IsSuccessStatusCode);
        await server.PassAsync(TimeSpan.FromSeconds(15));
        await SendAsync(server);

        Assert.DoesNotContain(await View.AlertsAsync(), alert => alert.Label("alertname") == "UpgradeAnomaly");
    }

    [Fact]
    public async Task Whoever_starts_anew_ends_what_the_one_before_it_has_left_and_nothing_of_others()
    {
        await using (var first = await StartAsync())
        {
            await FailAsync(first);
            await SendAsync(first);
        }

        await View.PostAsync(("alertname", "UpgradeAnomaly"), ("target", "checkout"), ("source", "upgradewatch"), ("job", "prometheus-rule"));
        await View.PostAsync(("alertname", "UpgradeAnomaly"), ("target", "checkout"), ("source", "upgradewatch"), ("sender", "upgradewatch"), ("cluster", "us-1"), ("environment", "test"));
        File.Delete(Folder.File("store.db"));
        await using var second = await StartAsync();

        await SendAsync(second);

        Assert.Equal(["prometheus-rule", "us-1"], (await View.AlertsAsync()).Select(alert => alert.Label("job") ?? alert.Label("cluster")).Order());
    }

    [Fact]
    public async Task Of_two_members_the_one_that_is_well_is_told_and_the_status_names_the_other()
    {
        await using var broken = await BrokenServer.StartAsync(404, "");
        await using var server = await StartAsync(broken.Url);
        await FailAsync(server);

        var done = await Task.WhenAll(Senders(server).Select(sender => sender.RunOnceAsync(CancellationToken.None)));

        Assert.Equal([true, false], done);
        Assert.Single(await View.AlertsAsync());
        var dependencies = (await server.GetAsync("/api/v1/status")).GetProperty("dependencies");
        Assert.Equal("ok", dependencies.GetProperty("alertmanager").GetProperty("state").GetString());
        Assert.Equal("failing", dependencies.GetProperty("alertmanager-2").GetProperty("state").GetString());
        Assert.Contains("it answered 404 (check the path of alertmanager.url", dependencies.GetProperty("alertmanager-2").GetProperty("lastError").GetString());
    }

    [Fact]
    public async Task Blindness_fires_after_ten_minutes()
    {
        await using var server = await StartAsync();
        var id = await server.BeginAsync(phase: "upgrading");
        await server.MoveAsync(id, "post-upgrade");
        await server.PassAsync(TimeSpan.FromMinutes(3));
        server.Source.Failure = new(Engine.Ports.SourceFailureKind.Unreachable, "nobody answers");
        await server.PassAsync(TimeSpan.FromMinutes(2));
        await SendAsync(server);
        Assert.Empty(await View.AlertsAsync());

        await server.PassAsync(TimeSpan.FromMinutes(10));
        await SendAsync(server);

        Assert.Equal("UpgradeBlind", Assert.Single(await View.AlertsAsync()).Label("alertname"));
    }

    private async Task<RunningServer> StartAsync(params string[] members)
    {
        var options = RunningServer.Options(Folder.File("store.db"));
        return await RunningServer.StartAsync(
            options with
            {
                Alertmanager = new AlertmanagerSection(new EndpointOptions { Url = AlertmanagerUrl }, members),
                Instance = options.Instance with { GrafanaUrl = new Uri("https://grafana.example.com/"), RunbookUrl = new Uri("https://wiki.example.com/uw") },
            },
            time: Time);
    }

    private async Task<string> FailAsync(RunningServer server)
    {
        var start = Time.GetUtcNow();
        server.Source.Bad = at => at > start ? 15 : 0;
        var id = await server.BeginAsync(phase: "upgrading");
        await server.MoveAsync(id, "post-upgrade");
        await server.PassAsync(TimeSpan.FromMinutes(12));
        return id;
    }

    private static IReadOnlyList<AlertSender> Senders(RunningServer server) => server.Services.GetRequiredService<IReadOnlyList<AlertSender>>();

    private static async Task SendAsync(RunningServer server) => Assert.True(await Senders(server)[0].RunOnceAsync(CancellationToken.None), Senders(server)[0].Latest?.LastError);
}
