using System.Globalization;
using System.Text.Json;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Http;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Http;

public sealed class VerdictApiTests
{
    [Fact]
    public async Task A_bad_upgrade_is_told_in_one_flat_object_with_the_finding_that_decided()
    {
        await using var server = await RunningServer.StartAsync();
        await FailAsync(server);

        var verdict = await server.GetAsync("/api/v1/targets/checkout/verdict");

        Assert.Equal(
            ["upgradeId", "target", "fromVersion", "toVersion", "item", "status", "code", "flagged", "final", "phase", "summary", "evaluatedAt",
                "observedFrom", "observedUntil", "windowEndsAt", "findings", "leftOut", "instance", "links"],
            verdict.EnumerateObject().Select(p => p.Name));
        Assert.Equal("monitor-metrics", verdict.GetProperty("item").GetString());
        Assert.Equal("fail", verdict.GetProperty("status").GetString());
        Assert.True(verdict.GetProperty("flagged").GetBoolean());
        Assert.False(verdict.GetProperty("final").GetBoolean());
        var finding = Assert.Single(verdict.GetProperty("findings").EnumerateArray());
        Assert.Equal(
            ["sli", "kind", "direction", "status", "code", "critical", "baseline", "expectedLower", "expectedUpper", "current", "unit",
                "changeRatio", "changeLower", "changeUpper", "pValue", "since", "samples", "where", "acknowledged", "reason"],
            finding.EnumerateObject().Select(p => p.Name));
        Assert.Equal("error-ratio", finding.GetProperty("sli").GetString());
        Assert.Equal("level", finding.GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.Null, finding.GetProperty("acknowledged").ValueKind);
        Assert.True(finding.GetProperty("samples").GetProperty("observed").GetInt64() > 0);
    }

    [Fact]
    public async Task A_poller_that_has_the_verdict_is_answered_304_until_something_but_numbers_changes()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync(phase: "upgrading");
        await server.PassAsync(TimeSpan.FromMinutes(1));
        var path = $"/api/v1/upgrades/{id}/verdict";
        using var first = await server.Api.GetAsync(path);
        var tag = first.Headers.ETag!.ToString();

        await server.PassAsync(TimeSpan.FromMinutes(1));
        using var same = await server.SendAsync(HttpMethod.Get, path, null, ("If-None-Match", tag));
        await server.MoveAsync(id, "post-upgrade");
        using var moved = await server.SendAsync(HttpMethod.Get, path, null, ("If-None-Match", tag));

        Assert.Equal(304, (int)same.StatusCode);
        Assert.Equal("", await same.Content.ReadAsStringAsync());
        Assert.Equal(200, (int)moved.StatusCode);
        Assert.NotEqual(tag, moved.Headers.ETag!.ToString());
    }

    [Fact]
    public async Task A_long_poll_is_answered_when_the_verdict_changes()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync();
        var poll = server.Api.GetAsync($"/api/v1/upgrades/{id}/verdict?wait=60");

        // A poll that comes after the move sees it at once; one that came before is woken by it: both answer.
        await server.MoveAsync(id, "upgrading");
        using var tagged = await server.Api.GetAsync($"/api/v1/upgrades/{id}/verdict");
        var second = server.SendAsync(HttpMethod.Get, $"/api/v1/upgrades/{id}/verdict?wait=60", null, ("If-None-Match", tagged.Headers.ETag!.ToString()));
        await server.MoveAsync(id, "post-upgrade");

        using var answer = await second;
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("post-upgrade", (await RunningServer.JsonAsync(answer)).GetProperty("phase").GetString());
        using var earlier = await poll;
        Assert.Equal(200, (int)earlier.StatusCode);
    }

    [Fact]
    public async Task A_long_poll_ends_with_304_when_its_time_is_up()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync();
        // One that has ended does not become stale, however much of the pretended time passes.
        await server.MoveAsync(id, "aborted");
        using var first = await server.Api.GetAsync($"/api/v1/upgrades/{id}/verdict");

        var poll = server.SendAsync(HttpMethod.Get, $"/api/v1/upgrades/{id}/verdict?wait=30", null, ("If-None-Match", first.Headers.ETag!.ToString()));
        while (!poll.IsCompleted)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        using var answer = await poll;
        Assert.Equal(304, (int)answer.StatusCode);
    }

    [Fact]
    public void Only_so_many_may_wait_at_once_and_a_place_is_given_back_once()
    {
        var room = new WaitingRoom();
        var places = Enumerable.Range(0, WaitingRoom.Places).Select(_ => room.TryEnter()).ToList();

        Assert.DoesNotContain(null, places);
        Assert.Null(room.TryEnter());
        places[0]!.Dispose();
        places[0]!.Dispose();
        Assert.NotNull(room.TryEnter());
        Assert.Null(room.TryEnter());
        Assert.Equal(503, WaitingRoom.Full().Status);
    }

    [Fact]
    public void One_token_takes_half_of_the_places_at_most()
    {
        var room = new WaitingRoom();
        var places = Enumerable.Range(0, WaitingRoom.Share).Select(_ => room.TryEnter("ci")).ToList();

        Assert.DoesNotContain(null, places);
        Assert.Null(room.TryEnter("ci"));
        Assert.NotNull(room.TryEnter("dashboard"));
        places[0]!.Dispose();
        Assert.NotNull(room.TryEnter("ci"));
    }

    [Fact]
    public async Task A_verdict_that_nobody_has_looked_at_for_too_long_is_stale_and_the_gate_closes()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync(phase: "upgrading");
        await server.PassAsync(TimeSpan.FromMinutes(1));

        server.Time.Advance(TimeSpan.FromSeconds(61));

        var verdict = await server.GetAsync($"/api/v1/upgrades/{id}/verdict");
        using var gate = await server.Api.GetAsync($"/api/v1/upgrades/{id}/gate");
        Assert.Equal("inconclusive", verdict.GetProperty("status").GetString());
        Assert.Equal("stale", verdict.GetProperty("code").GetString());
        Assert.Equal(424, (int)gate.StatusCode);
    }

    [Fact]
    public async Task A_source_that_cannot_be_reached_is_inconclusive_with_the_cause()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync(phase: "upgrading");
        await server.PassAsync(TimeSpan.FromMinutes(1));
        await server.MoveAsync(id, "post-upgrade");
        server.Source.Failure = new SourceFailure(SourceFailureKind.Unreachable, "Prometheus does not answer: connection refused.");
        await server.PassAsync(TimeSpan.FromMinutes(5));

        var verdict = await server.GetAsync($"/api/v1/upgrades/{id}/verdict");

        Assert.Equal("inconclusive", verdict.GetProperty("status").GetString());
        Assert.Contains("connection refused", verdict.GetProperty("summary").GetString());
    }

    [Fact]
    public async Task Every_time_is_in_UTC_with_a_Z()
    {
        await using var server = await RunningServer.StartAsync();
        await FailAsync(server);

        var verdict = await server.GetAsync("/api/v1/targets/checkout/verdict");

        foreach (var name in new[] { "evaluatedAt", "observedFrom", "observedUntil", "windowEndsAt" })
        {
            var text = verdict.GetProperty(name).GetString()!;
            Assert.EndsWith("Z", text);
            Assert.True(DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _), text);
        }
    }

    /// <summary>Takes an upgrade that breaks every tenth request as far as its verdict.</summary>
    internal static async Task<string> FailAsync(RunningServer server)
    {
        server.Source.Bad = at => at > RunningServer.Start ? 15 : 0;
        var id = await server.BeginAsync(phase: "upgrading");
        await server.MoveAsync(id, "post-upgrade");
        await server.PassAsync(TimeSpan.FromMinutes(12));
        return id;
    }
}
