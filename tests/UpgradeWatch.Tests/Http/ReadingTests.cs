using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Http;

public sealed class ReadingTests
{
    [Fact]
    public async Task The_series_has_what_was_before_and_what_came_after()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await VerdictApiTests.FailAsync(server);

        var series = await server.GetAsync($"/api/v1/upgrades/{id}/findings/error-ratio/series");

        Assert.Equal(15, series.GetProperty("stepSeconds").GetDouble());
        Assert.Equal("ratio", series.GetProperty("unit").GetString());
        Assert.All(series.GetProperty("baseline").EnumerateArray(), p => Assert.Equal(0, p.GetProperty("value").GetDouble()));
        Assert.Equal(0.1, series.GetProperty("observed").EnumerateArray().Last().GetProperty("value").GetDouble(), 3);
        Assert.True(series.GetProperty("baseline").GetArrayLength() > 200);
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData("application/json", 200)]
    [InlineData("*/*", 200)]
    [InlineData("text/html;q=0.5, application/json", 200)]
    [InlineData("text/html", 501)]
    [InlineData("text/markdown", 501)]
    [InlineData("application/pdf", 406)]
    public async Task The_report_is_json_and_says_what_it_is_not_yet(string? accept, int status)
    {
        await using var server = await RunningServer.StartAsync();
        var id = await VerdictApiTests.FailAsync(server);
        (string, string)[] headers = accept is null ? [] : [("Accept", accept)];

        using var answer = await server.SendAsync(HttpMethod.Get, $"/api/v1/upgrades/{id}/report", null, headers);

        var body = await RunningServer.JsonAsync(answer);
        Assert.Equal(status, (int)answer.StatusCode);
        if (status != 200)
        {
            Assert.Contains("report", body.GetProperty("detail").GetString());
            return;
        }

        Assert.Equal(id, body.GetProperty("upgrade").GetProperty("id").GetString());
        Assert.Equal("fail", body.GetProperty("upgrade").GetProperty("verdict").GetProperty("status").GetString());
        Assert.Single(body.GetProperty("series").EnumerateArray());
    }

    [Fact]
    public async Task A_checklist_item_is_changed_by_hand_and_says_who_did_it()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync();

        using var answer = await server.SendAsync(
            HttpMethod.Patch,
            $"/api/v1/upgrades/{id}/checklist/rollback-plan",
            """{"status":"done","note":"helm rollback checkout","link":"https://wiki.example/rollback","owner":"Ada"}""",
            ("X-UpgradeWatch-By", "ada"));

        var item = await RunningServer.JsonAsync(answer);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("done", item.GetProperty("status").GetString());
        Assert.Equal("ada", item.GetProperty("changedBy").GetString());
        var list = await server.GetAsync($"/api/v1/upgrades/{id}/checklist");
        Assert.Equal(16, list.GetProperty("items").GetArrayLength());
        Assert.Equal("helm rollback checkout", list.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("id").GetString() == "rollback-plan").GetProperty("note").GetString());
    }

    [Fact]
    public async Task The_status_names_every_dependency()
    {
        await using var server = await RunningServer.StartAsync();

        var status = await server.GetAsync("/api/v1/status");

        Assert.Equal("ok", status.GetProperty("status").GetString());
        Assert.Equal("ok", status.GetProperty("dependencies").GetProperty("store").GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("lastEvaluationAt").ValueKind);
        Assert.Equal("2026-05-04T12:00:00Z", status.GetProperty("startedAt").GetString());
        Assert.Equal("eu-1", status.GetProperty("instance").GetProperty("cluster").GetString());
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_refuses_changes_and_the_status_says_why()
    {
        var store = new FullStore();
        await using var server = await RunningServer.StartAsync(configure: services => services.AddSingleton<IUpgradeStore>(store));

        using var refused = await server.PostAsync("/api/v1/upgrades", """{"target":"checkout","toVersion":"1"}""");

        var status = await server.GetAsync("/api/v1/status");
        Assert.Equal(507, (int)refused.StatusCode);
        Assert.Contains("no space left", (await RunningServer.JsonAsync(refused)).GetProperty("detail").GetString());
        Assert.Equal("degraded", status.GetProperty("status").GetString());
        Assert.Contains("no space left", status.GetProperty("dependencies").GetProperty("store").GetProperty("lastError").GetString());
        Assert.Contains("upgradewatch_store_up 0", await server.Metrics.GetStringAsync("/metrics"));
    }

    [Theory]
    [InlineData(false, "{}")]
    [InlineData(true, "null")]
    public async Task While_the_store_cannot_be_read_nobody_says_that_nothing_waits(bool isGone, string pending)
    {
        var store = new FullStore();
        await using var server = await RunningServer.StartAsync(configure: services => services.AddSingleton<IUpgradeStore>(store));
        store.IsGone = isGone;

        Assert.Equal(pending, (await server.GetAsync("/api/v1/status")).GetProperty("outboxPending").GetRawText());
    }
}
