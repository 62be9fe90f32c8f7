using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Watches;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Http;

public sealed class StaleTests
{
    [Fact]
    public async Task Verdict_gate_and_metrics_are_stale_together_and_fresh_again_after_the_next_look()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync(phase: "post-upgrade");
        await server.PassAsync(TimeSpan.FromMinutes(12));
        Assert.Equal(("pass", 200, 1), await SeenAsync(server, id, "pass"));

        server.Time.Advance(TimeSpan.FromSeconds(60));
        var onTheEdge = await SeenAsync(server, id, "pass");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var stale = await SeenAsync(server, id, "inconclusive");
        await server.PassAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(("pass", 200, 1), onTheEdge);
        Assert.Equal(("stale", 424, 1), stale);
        Assert.Equal(("pass", 200, 1), await SeenAsync(server, id, "pass"));
    }

    [Fact]
    public async Task In_pre_upgrade_every_look_counts_also_while_the_source_is_away()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync();
        server.Source.Failure = new SourceFailure(SourceFailureKind.Unreachable, "Gone.");

        await server.PassAsync(TimeSpan.FromMinutes(10));

        var verdict = await server.GetAsync($"/api/v1/upgrades/{id}/verdict");
        Assert.Equal(("pending", server.Time.GetUtcNow()), (Text(verdict, "status"), verdict.GetProperty("evaluatedAt").GetDateTimeOffset()));
    }

    [Fact]
    public async Task A_move_by_hand_makes_a_stale_verdict_no_fresher()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync(phase: "upgrading");
        await server.PassAsync(TimeSpan.FromMinutes(2));
        server.Time.Advance(TimeSpan.FromMinutes(2));

        await server.MoveAsync(id, "post-upgrade");

        Assert.Equal("stale", Text(await server.GetAsync($"/api/v1/upgrades/{id}/verdict"), "code"));
    }

    [Fact]
    public async Task A_clock_that_is_set_ahead_makes_it_stale_and_one_that_is_set_back_inconclusive()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync(phase: "post-upgrade");
        await server.PassAsync(TimeSpan.FromMinutes(12));
        var right = server.Time.GetUtcNow();

        server.Time.AdjustTime(right.AddHours(1));
        var ahead = Text(await server.GetAsync($"/api/v1/upgrades/{id}/verdict"), "code");
        server.Time.AdjustTime(right.AddHours(-1));
        await server.PassAsync(TimeSpan.FromMinutes(1));
        var back = Text(await server.GetAsync($"/api/v1/upgrades/{id}/verdict"), "summary");

        Assert.Equal("stale", ahead);
        Assert.Contains("the clock was set back", back);
    }

    [Fact]
    public async Task A_source_that_hangs_for_one_target_keeps_no_other_from_being_looked_at()
    {
        await using var server = await RunningServer.StartAsync();
        var hung = await server.BeginAsync(phase: "post-upgrade");
        var other = await server.BeginAsync("cart", "post-upgrade");
        await server.PassAsync(TimeSpan.FromMinutes(1));
        var release = new TaskCompletionSource();
        server.Source.Holds = target => target == "checkout" ? release.Task : null;

        for (var i = 0; i < 4; i++) await HeldLookAsync(server, other);
        var (during, meanwhile) = (await server.GetAsync($"/api/v1/upgrades/{hung}/verdict"), await server.GetAsync($"/api/v1/upgrades/{other}/verdict"));
        release.SetResult();
        server.Source.Holds = _ => null;
        await server.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("stale", Text(during, "code"));
        Assert.Contains("because its source has not answered since", Text(during, "summary"));
        Assert.NotEqual("stale", Text(meanwhile, "code"));
        Assert.InRange(server.Services.GetRequiredService<Evaluator>().LagSeconds, 0, 15);
        Assert.NotEqual("stale", Text(await server.GetAsync($"/api/v1/upgrades/{hung}/verdict"), "code"));
    }

    // The clock goes on only when everybody else was looked at: who is held is then all that is waited for.
    private static async Task HeldLookAsync(RunningServer server, string answering)
    {
        server.Time.Advance(TimeSpan.FromSeconds(15));
        var look = server.Services.GetRequiredService<Evaluator>().TickAsync(CancellationToken.None);
        while ((await server.GetAsync($"/api/v1/upgrades/{answering}/verdict")).GetProperty("evaluatedAt").GetDateTimeOffset() != server.Time.GetUtcNow())
            await Task.Yield();
        server.Time.Advance(TimeSpan.FromSeconds(15));
        await look;
    }

    private static async Task<(string What, int Gate, int Metric)> SeenAsync(RunningServer server, string id, string status)
    {
        var verdict = await server.GetAsync($"/api/v1/upgrades/{id}/verdict");
        using var gate = await server.Api.GetAsync($"/api/v1/upgrades/{id}/gate");
        var metrics = await server.Metrics.GetStringAsync("/metrics");
        var isShown = metrics.Contains($"upgradewatch_verdict{{target=\"checkout\",status=\"{status}\"}} 1\n", StringComparison.Ordinal);
        return (Text(verdict, "code") is "stale" ? "stale" : Text(verdict, "status")!, (int)gate.StatusCode, isShown ? 1 : 0);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
