using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Watches;

namespace UpgradeWatch.Tests.Hosting;

/// <summary>A server beside another one that is the active one on their store.</summary>
public sealed class StandbyTests
{
    private static readonly StoreLease Standby = new(LeaseRole.Standby, "other/7", RunningServer.Start, 3);

    [Fact]
    public async Task It_answers_reads_and_refuses_changes_in_words_that_name_the_active_one()
    {
        await using var server = await StartAsync();

        using var refused = await server.PostAsync("/api/v1/upgrades", """{"target":"checkout","toVersion":"1"}""");

        Assert.Equal(503, (int)refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("on standby and takes no changes: 'other/7' is the active one since", (await RunningServer.JsonAsync(refused)).GetProperty("detail").GetString());
        using var list = await server.Api.GetAsync("/api/v1/upgrades");
        Assert.Equal(200, (int)list.StatusCode);
    }

    [Fact]
    public async Task Its_status_says_which_instance_is_active()
    {
        await using var server = await StartAsync();

        var active = (await server.GetAsync("/api/v1/status")).GetProperty("active");

        Assert.Equal(("standby", "other/7"), (active.GetProperty("role").GetString(), active.GetProperty("holder").GetString()));
        Assert.Equal("2026-05-04T12:00:00Z", active.GetProperty("since").GetString());
        Assert.NotEqual("other/7", active.GetProperty("self").GetString());
    }

    [Fact]
    public async Task It_does_not_look_and_shows_no_target_that_the_active_one_shows()
    {
        await using var server = await StartAsync();

        await server.Services.GetRequiredService<Evaluator>().TickAsync(CancellationToken.None);

        var metrics = await server.Metrics.GetStringAsync("/metrics");
        Assert.Contains("upgradewatch_active 0", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("upgradewatch_target_info{", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("\nupgradewatch_last_evaluation_timestamp_seconds ", metrics, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await server.GetAsync("/api/v1/status")).GetProperty("lastEvaluationAt").ValueKind);
    }

    [Fact]
    public async Task It_delivers_nothing()
    {
        await using var server = await StartAsync();

        var again = await server.Services.GetRequiredService<OutboxDelivery>().RunOnceAsync(CancellationToken.None);

        Assert.All(server.Services.GetRequiredService<OutboxDelivery>().Sent.Values, sent => Assert.Equal(0, sent));
        Assert.True(again is null || again > RunningServer.Start);
    }

    [Fact]
    public async Task One_server_alone_is_the_active_one()
    {
        await using var server = await RunningServer.StartAsync();

        var active = (await server.GetAsync("/api/v1/status")).GetProperty("active");

        Assert.Equal("active", active.GetProperty("role").GetString());
        Assert.Equal(active.GetProperty("self").GetString(), active.GetProperty("holder").GetString());
        Assert.Contains("upgradewatch_active 1", await server.Metrics.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    private static Task<RunningServer> StartAsync() =>
        RunningServer.StartAsync(configure: services => services.AddSingleton<IUpgradeStore>(new FullStore { Lease = Standby }));
}
