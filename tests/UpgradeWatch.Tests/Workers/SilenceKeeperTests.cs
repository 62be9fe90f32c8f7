using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Configuration;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.TestKit.Grafana;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.Tests.Hosting;
using UpgradeWatch.Workers;

namespace UpgradeWatch.Tests.Workers;

/// <summary>Silences that upgrades need, in a real Alertmanager.</summary>
public sealed class SilenceKeeperTests() : AlertmanagerTests(TimeProvider.System.GetUtcNow())
{
    [Fact]
    public async Task The_planned_downtime_is_silenced_for_a_lease_that_is_extended_and_ends_when_it_is_over()
    {
        await using var server = await StartAsync();
        var id = await BeginAsync(server, minutes: 120);
        await KeepAsync(server);
        await KeepAsync(server);

        var made = Assert.Single(await View.SilencesAsync());
        Assert.Equal("upgradewatch", made.GetProperty("createdBy").GetString());
        Assert.Contains("Upgrade of checkout to 2, begun by alice: planned downtime until", made.GetProperty("comment").GetString());
        Assert.Contains(id, made.GetProperty("comment").GetString());
        Assert.Equal(["namespace=shop", "source!=upgradewatch"], Matchers(made));
        Assert.Equal(Time.GetUtcNow().AddMinutes(25), made.EndsAt(), TimeSpan.FromSeconds(1));

        await View.PostAsync(("alertname", "ServiceDown"), ("namespace", "shop"));
        await View.PostAsync(("alertname", "UpgradeAnomaly"), ("namespace", "shop"), ("source", "upgradewatch"));
        await View.PostAsync(("alertname", "ServiceDown"), ("namespace", "elsewhere"));
        Assert.Equal(["ServiceDown/shop"], (await SuppressedAsync()).Order());

        Time.Advance(TimeSpan.FromMinutes(13));
        await KeepAsync(server);
        var extended = Assert.Single(await View.SilencesAsync());
        Assert.Equal(made.GetProperty("id").GetString(), extended.GetProperty("id").GetString());
        Assert.Equal(Time.GetUtcNow().AddMinutes(25), extended.EndsAt(), TimeSpan.FromSeconds(1));

        await server.MoveAsync(id, "post-upgrade");
        await KeepAsync(server);
        Assert.Equal(Time.GetUtcNow().AddMinutes(1), Assert.Single(await View.SilencesAsync()).EndsAt(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Whoever_starts_anew_finds_it_again_and_makes_no_second_one()
    {
        await using (var first = await StartAsync())
        {
            await BeginAsync(first, minutes: 60);
            await KeepAsync(first);
        }

        Time.Advance(TimeSpan.FromMinutes(20));
        await using var second = await StartAsync();
        await KeepAsync(second);

        Assert.Equal(Time.GetUtcNow().AddMinutes(25), Assert.Single(await View.SilencesAsync()).EndsAt(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task One_that_a_person_has_ended_is_not_made_again()
    {
        await using var server = await StartAsync();
        await BeginAsync(server, minutes: 60);
        await KeepAsync(server);
        await View.ExpireAsync(Assert.Single(await View.SilencesAsync()));

        await KeepAsync(server);
        Time.Advance(TimeSpan.FromMinutes(15));
        await KeepAsync(server);
        Assert.Empty(await View.SilencesAsync());
    }

    [Fact]
    public async Task Other_matchers_in_the_configuration_take_the_place_of_those_that_were()
    {
        await using (var first = await StartAsync())
        {
            await BeginAsync(first, minutes: 60);
            await KeepAsync(first);
        }

        Time.Advance(TimeSpan.FromMinutes(2));
        var narrower = new TargetSilences { Downtime = [new LabelMatch("namespace", MatchOperator.Equal, "shop"), new LabelMatch("alertname", MatchOperator.Equal, "ServiceDown")] };
        await using var second = await StartAsync(noise: narrower);
        await KeepAsync(second);

        var silences = await View.SilencesAsync();
        Assert.Equal(Time.GetUtcNow().AddMinutes(25), silences.Single(one => Matchers(one).Count() == 3).EndsAt(), TimeSpan.FromSeconds(1));
        Assert.Equal(Time.GetUtcNow().AddMinutes(1), silences.Single(one => Matchers(one).Count() == 2).EndsAt(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task That_of_an_upgrade_which_another_supersedes_ends()
    {
        await using var server = await StartAsync();
        await BeginAsync(server, minutes: 60);
        await KeepAsync(server);
        using var answer = await server.PostAsync("/api/v1/upgrades", """{"target":"checkout","toVersion":"3","phase":"upgrading","supersede":true}""");
        Assert.Equal(201, (int)answer.StatusCode);

        await KeepAsync(server);
        Assert.Equal(Time.GetUtcNow().AddMinutes(1), Assert.Single(await View.SilencesAsync()).EndsAt(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task It_lasts_no_longer_than_planned_and_no_longer_than_it_may()
    {
        await using var server = await StartAsync(new SilenceOptions { PlannedDowntime = true, MaxDurationSeconds = 600 });
        await BeginAsync(server, minutes: 60);
        var began = Time.GetUtcNow();
        await KeepAsync(server);
        await BeginAsync(server, minutes: 5, target: "cart");
        await KeepAsync(server);

        // A minute of tail each.
        Assert.Equal(
            [began.AddMinutes(6), began.AddMinutes(11)],
            (await View.SilencesAsync()).Select(silence => silence.EndsAt()).Order().Select(end => Round(end, began)));

        Time.Advance(TimeSpan.FromMinutes(10.5));
        await KeepAsync(server);
        Time.Advance(TimeSpan.FromMinutes(5));
        await KeepAsync(server);
        Assert.All(await View.SilencesAsync(), silence => Assert.True(silence.EndsAt() <= began.AddMinutes(12)));
    }

    [Fact]
    public async Task Expected_noise_is_silenced_while_it_is_upgraded_or_rolled_back_and_no_longer()
    {
        var noise = new TargetSilences { Noise = [new("namespace", MatchOperator.Equal, "shop"), new("alertname", MatchOperator.Matches, "PodRestarting|HighLatency")] };
        await using var server = await StartAsync(new SilenceOptions(), noise);
        var id = await server.BeginAsync();
        await KeepAsync(server);
        Assert.Empty(await View.SilencesAsync());

        await server.MoveAsync(id, "upgrading");
        await KeepAsync(server);
        await View.PostAsync(("alertname", "PodRestarting"), ("namespace", "shop"));
        await View.PostAsync(("alertname", "ServiceDown"), ("namespace", "shop"));
        Assert.Equal(["PodRestarting/shop"], await SuppressedAsync());

        await server.MoveAsync(id, "rolling-back");
        await KeepAsync(server);
        Assert.Equal(2, (await View.SilencesAsync()).Count);
        await server.MoveAsync(id, "rolled-back");
        await KeepAsync(server);
        Assert.All(await View.SilencesAsync(), silence => Assert.Equal(Time.GetUtcNow().AddMinutes(1), silence.EndsAt(), TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Alerts_that_Grafana_evaluates_are_silenced_in_Grafana()
    {
        await using var grafana = await GrafanaTestServer.StartAsync(GrafanaVersion.V9);
        grafana.SetAlertmanager(AlertmanagerUrl);
        var options = RunningServer.Options(Folder.File("store.db"));
        await using var server = await RunningServer.StartAsync(
            options with
            {
                Grafana = new EndpointOptions { Url = grafana.Url, TokenFile = Folder.Write("token", GrafanaTestServer.EditorToken) },
                Silences = new SilenceOptions { PlannedDowntime = true, Grafana = true },
            },
            time: Time);
        await BeginAsync(server, minutes: 60);

        await KeepAsync(server);
        await KeepAsync(server);

        Assert.Equal(["namespace=shop", "source!=upgradewatch"], Matchers(Assert.Single(await View.SilencesAsync())));
        Assert.Contains(grafana.Requests, request => request == "POST /api/alertmanager/grafana/api/v2/silences");
        Assert.Equal("ok", (await server.GetAsync("/api/v1/status")).GetProperty("dependencies").GetProperty("grafana-silences").GetProperty("state").GetString());
    }

    [Theory]
    [InlineData(GrafanaVersion.V9)]
    [InlineData(GrafanaVersion.V11)]
    public async Task An_Alertmanager_behind_Grafana_gets_alerts_and_silences_with_its_token_alone(GrafanaVersion version)
    {
        await using var grafana = await GrafanaTestServer.StartAsync(version);
        grafana.AddDataSource("am", "Our Alertmanager", "alertmanager", AlertmanagerUrl);
        var endpoint = new EndpointOptions { Url = grafana.Url, TokenFile = Folder.Write("token", GrafanaTestServer.AdminToken) };
        await using var server = await RunningServer.StartAsync(
            RunningServer.Options(Folder.File("store.db")) with
            {
                Alertmanager = new AlertmanagerSection(endpoint, [], "Our Alertmanager"),
                Silences = new SilenceOptions { PlannedDowntime = true },
            },
            time: Time);
        await BeginAsync(server, minutes: 60);

        await KeepAsync(server);
        await View.PostAsync(("alertname", "UpgradeAnomaly"), ("target", "checkout"), ("source", "upgradewatch"), ("sender", "upgradewatch"), ("cluster", "eu-1"), ("environment", "test"));
        Assert.True(await server.Services.GetRequiredService<IReadOnlyList<AlertSender>>()[0].RunOnceAsync(CancellationToken.None));

        Assert.Single(await View.SilencesAsync());
        Assert.Empty(await View.AlertsAsync());
        Assert.All(grafana.Requests, request => Assert.Contains("/api/datasources/", request, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(401, "\"unauthorized\"", "it answered 401 \"unauthorized\" (check the token or the password)")]
    [InlineData(403, "{\"message\":\"no\"}", "it answered 403 \"no\"")]
    [InlineData(404, "", "it answered 404 (check the path of alertmanager.url")]
    [InlineData(500, "<html>", "it answered 500 \"a page of HTML\"")]
    [InlineData(200, "<html>", "the answer is not a list of silences")]
    public async Task Trouble_is_told_and_no_upgrade_waits_for_it(int status, string body, string expected)
    {
        // A question that gets 500 is asked again, a silence that gets it is not made again.
        await using var broken = await BrokenServer.StartAsync(status, body, status == 500 ? "[]" : null);
        await using var server = await StartAsync(new SilenceOptions { PlannedDowntime = true }, url: new Uri(broken.Url));
        var id = await BeginAsync(server, minutes: 60);

        await server.Services.GetRequiredService<SilenceKeeper>().RunOnceAsync(CancellationToken.None);

        await server.MoveAsync(id, "post-upgrade");
        var said = (await server.GetAsync("/api/v1/status")).GetProperty("dependencies").GetProperty("silences");
        Assert.Equal("failing", said.GetProperty("state").GetString());
        Assert.Contains(expected, said.GetProperty("lastError").GetString());
    }

    private async Task<RunningServer> StartAsync(SilenceOptions? silences = null, TargetSilences? noise = null, Uri? url = null)
    {
        var options = RunningServer.Options(Folder.File("store.db"));
        return await RunningServer.StartAsync(
            options with
            {
                Alertmanager = new AlertmanagerSection(new EndpointOptions { Url = url ?? AlertmanagerUrl }, []),
                Silences = silences ?? new SilenceOptions { PlannedDowntime = true },
                Targets = [.. options.Targets.Select(target => target with { Silences = noise ?? new TargetSilences() })],
            },
            time: Time);
    }

    private async Task<string> BeginAsync(RunningServer server, int minutes, string target = "checkout")
    {
        var (from, until) = (Time.GetUtcNow(), Time.GetUtcNow().AddMinutes(minutes));
        using var answer = await server.PostAsync("/api/v1/upgrades", $$"""{"target":"{{target}}","toVersion":"2","phase":"upgrading","owner":"alice","plannedDowntime":{"from":"{{from:O}}","until":"{{until:O}}"} }""");
        Assert.Equal(201, (int)answer.StatusCode);
        return (await RunningServer.JsonAsync(answer)).GetProperty("id").GetString()!;
    }

    private static async Task KeepAsync(RunningServer server)
    {
        var keeper = server.Services.GetRequiredService<SilenceKeeper>();
        await keeper.RunOnceAsync(CancellationToken.None);
        Assert.All(keeper.Latest.Values, place => Assert.Null(place.LastError));
    }

    private async Task<IReadOnlyList<string>> SuppressedAsync()
    {
        IReadOnlyList<JsonElement> alerts = [];
        // Alertmanager marks an alert a moment after it has taken it.
        await Readiness.UntilAsync(
            async () => (alerts = await View.AlertsAsync()).All(alert => alert.State() != "unprocessed"),
            () => null, () => string.Join('\n', alerts), CancellationToken.None);
        return [.. alerts.Where(alert => alert.State() == "suppressed").Select(alert => $"{alert.Label("alertname")}/{alert.Label("namespace")}")];
    }

    private static IEnumerable<string> Matchers(JsonElement silence) => silence.GetProperty("matchers").EnumerateArray().Select(matcher =>
        $"{matcher.GetProperty("name").GetString()}{(matcher.GetProperty("isEqual").GetBoolean() ? "=" : "!=")}{matcher.GetProperty("value").GetString()}").Order();

    private static DateTimeOffset Round(DateTimeOffset end, DateTimeOffset began) => began.AddMinutes(Math.Round((end - began).TotalMinutes));
}
