using System.Text.Json;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Http;

public sealed class AcknowledgeApiTests
{
    private const string Until = "2026-05-04T13:00:00.000Z";

    [Fact]
    public async Task An_acknowledged_finding_says_who_and_why_wherever_it_is_shown()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await VerdictApiTests.FailAsync(server);
        using var answer = await server.SendAsync(HttpMethod.Post, Path(id), $$"""{"reason":"a bot","until":"{{Until}}"}""", ("X-UpgradeWatch-By", "anna"));
        Assert.Equal(200, (int)answer.StatusCode);

        var verdict = await RunningServer.JsonAsync(answer);
        var report = (await server.GetAsync($"/api/v1/upgrades/{id}/report")).GetProperty("upgrade");
        var item = (await server.GetAsync($"/api/v1/upgrades/{id}/checklist")).GetProperty("items").EnumerateArray().Single(i => i.GetProperty("id").GetString() == "monitor-metrics");
        var finding = Assert.Single(verdict.GetProperty("findings").EnumerateArray());
        Assert.Equal(("fail", "acknowledged"), (finding.GetProperty("status").GetString(), finding.GetProperty("code").GetString()));
        Assert.False(verdict.GetProperty("flagged").GetBoolean());
        Assert.Equal("in-progress", item.GetProperty("status").GetString());
        foreach (var said in new[]
        {
            finding.GetProperty("acknowledged"), Assert.Single(item.GetProperty("acknowledged").EnumerateArray()),
            Assert.Single(report.GetProperty("acknowledgements").EnumerateArray()),
        })
        {
            Assert.Equal(("error-ratio", "anna", "a bot", "level"), (Text(said, "sli"), Text(said, "by"), Text(said, "reason"), Text(said, "code")));
            Assert.Equal(DateTimeOffset.Parse(Until), said.GetProperty("until").GetDateTimeOffset());
            Assert.Equal(server.Time.GetUtcNow(), said.GetProperty("at").GetDateTimeOffset());
        }

        var metrics = await server.Metrics.GetStringAsync("/metrics");
        Assert.Contains("upgradewatch_finding_info{target=\"checkout\",sli=\"error-ratio\",status=\"fail\",code=\"acknowledged\"} 1", metrics);
        Assert.Contains("upgradewatch_sli_status{target=\"checkout\",sli=\"error-ratio\",status=\"fail\"} 0", metrics);
        Assert.Contains("upgradewatch_sli_status{target=\"checkout\",sli=\"error-ratio\",status=\"warn\"} 1", metrics);
        Assert.DoesNotContain("code=\"level\"", metrics);
        Assert.Contains("upgradewatch_verdict{target=\"checkout\",status=\"fail\"} 0", metrics);
    }

    [Fact]
    public async Task Who_waits_for_the_verdict_and_who_follows_the_events_is_told()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await VerdictApiTests.FailAsync(server);
        using var before = await server.Api.GetAsync($"/api/v1/upgrades/{id}/verdict");
        using var stream = await EventApiTests.EventStream.OpenAsync(server);

        using var answer = await server.PostAsync(Path(id), """{"reason":"a bot"}""");

        var told = await stream.NextOfAsync("finding");
        using var poll = await server.SendAsync(HttpMethod.Get, $"/api/v1/upgrades/{id}/verdict", null, ("If-None-Match", before.Headers.ETag!.ToString()));
        using var gate = await server.Api.GetAsync($"/api/v1/upgrades/{id}/gate");
        Assert.Equal(("error-ratio", "fail", "acknowledged"), (Text(told.Data, "subject"), Text(told.Data, "state"), Text(told.Data, "code")));
        Assert.StartsWith("Acknowledged by api: a bot.", Text(told.Data, "text"));
        Assert.Equal(200, (int)poll.StatusCode);
        // It is the only SLI of this target: there is nothing left to judge by.
        Assert.Equal(425, (int)gate.StatusCode);
    }

    [Fact]
    public async Task Taken_back_it_is_as_before()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await VerdictApiTests.FailAsync(server);
        (await server.PostAsync(Path(id), """{"reason":"a bot"}""")).Dispose();

        using var answer = await server.SendAsync(HttpMethod.Delete, Path(id), null);

        var verdict = await RunningServer.JsonAsync(answer);
        Assert.Equal((200, "fail"), ((int)answer.StatusCode, Text(verdict, "status")));
        Assert.Equal(JsonValueKind.Null, Assert.Single(verdict.GetProperty("findings").EnumerateArray()).GetProperty("acknowledged").ValueKind);
    }

    [Theory]
    [InlineData("error-ratio", """{"reason":""}""", 422, "reason", "say why")]
    [InlineData("error-ratio", """{"reason":"a\u0007b"}""", 422, "reason", "U+0007")]
    [InlineData("error-ratio", """{"reason":"known","until":"2026-05-04T12:00:00Z"}""", 422, "until", "must be after now")]
    [InlineData("nix", """{"reason":"known"}""", 404, "sli", "known: error-ratio")]
    public async Task A_bad_acknowledgement_is_refused_in_a_sentence(string sli, string body, int status, string field, string says)
    {
        await using var server = await RunningServer.StartAsync();
        var id = await VerdictApiTests.FailAsync(server);

        using var answer = await server.PostAsync(Path(id, sli), body);

        var problem = await RunningServer.JsonAsync(answer);
        Assert.Equal((status, field), ((int)answer.StatusCode, Text(problem, "field")));
        Assert.Contains(says, Text(problem, "detail"));
    }

    [Fact]
    public async Task The_longest_reason_is_taken_a_longer_one_and_a_closed_upgrade_are_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await VerdictApiTests.FailAsync(server);

        using var tooLong = await server.PostAsync(Path(id), $$"""{"reason":"{{new string('x', 2001)}}"}""");
        using var longest = await server.PostAsync(Path(id), $$"""{"reason":"{{new string('x', 2000)}}"}""");
        await server.MoveAsync(id, "aborted");
        using var closed = await server.PostAsync(Path(id), """{"reason":"known"}""");
        using var closedDelete = await server.SendAsync(HttpMethod.Delete, Path(id), null);

        Assert.Equal((422, 200, 409, 409), ((int)tooLong.StatusCode, (int)longest.StatusCode, (int)closed.StatusCode, (int)closedDelete.StatusCode));
        Assert.Contains("at most 2000", Text(await RunningServer.JsonAsync(tooLong), "detail"));
        Assert.Contains("is aborted", Text(await RunningServer.JsonAsync(closed), "detail"));
    }

    private static string Path(string id, string sli = "error-ratio") => $"/api/v1/upgrades/{id}/findings/{sli}/acknowledge";

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
