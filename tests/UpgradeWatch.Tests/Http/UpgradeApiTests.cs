using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Http;

public sealed class UpgradeApiTests
{
    [Fact]
    public async Task Opening_an_upgrade_gives_it_whole_and_where_it_is()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync(
            HttpMethod.Post,
            "/api/v1/upgrades",
            """{"target":"checkout","fromVersion":"1.4.2","toVersion":"1.5.0","phase":"upgrading","at":"2026-05-04T13:59:00+02:00","owner":"Ada","links":{"warRoom":"https://chat.example/1"},"observationWindowSeconds":1800,"plannedDowntime":{"from":"2026-05-04T12:00:00Z","until":"2026-05-04T12:05:00Z"}}""",
            ("X-UpgradeWatch-By", "ada@laptop"));

        var body = await RunningServer.JsonAsync(answer);
        Assert.Equal(201, (int)answer.StatusCode);
        Assert.Equal($"/api/v1/upgrades/{body.GetProperty("id").GetString()}", answer.Headers.Location!.ToString());
        Assert.Equal("upgrading", body.GetProperty("phase").GetString());
        Assert.Equal("2026-05-04T11:59:00Z", body.GetProperty("upgradedAt").GetString());
        Assert.Equal("ada@laptop", body.GetProperty("history")[0].GetProperty("by").GetString());
        Assert.Equal(1800, body.GetProperty("observationWindowSeconds").GetDouble());
        Assert.Equal("eu-1", body.GetProperty("instance").GetProperty("cluster").GetString());
        Assert.Equal("https://chat.example/1", body.GetProperty("links").GetProperty("warRoom").GetString());
        Assert.Equal("2026-05-04T12:05:00Z", body.GetProperty("plannedDowntime").GetProperty("until").GetString());
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_upgrade_and_refuses_another_body()
    {
        await using var server = await RunningServer.StartAsync();
        const string Body = """{"target":"checkout","toVersion":"1.5.0"}""";

        using var first = await server.SendAsync(HttpMethod.Post, "/api/v1/upgrades", Body, ("Idempotency-Key", "run-7"));
        using var again = await server.SendAsync(HttpMethod.Post, "/api/v1/upgrades", Body, ("Idempotency-Key", "run-7"));
        using var other = await server.SendAsync(
            HttpMethod.Post, "/api/v1/upgrades", """{"target":"cart","toVersion":"1.5.0"}""", ("Idempotency-Key", "run-7"));

        Assert.Equal(201, (int)first.StatusCode);
        Assert.Equal(201, (int)again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Contains((int)other.StatusCode, new[] { 409, 422 });
        Assert.Contains("run-7", (await RunningServer.JsonAsync(other)).GetProperty("detail").GetString());
        Assert.Single((await server.GetAsync("/api/v1/upgrades")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task An_unknown_target_is_answered_with_the_known_ones()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.PostAsync("/api/v1/upgrades", """{"target":"chekout","toVersion":"1.5.0"}""");

        var problem = await RunningServer.JsonAsync(answer);
        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["checkout", "cart"], problem.GetProperty("known").EnumerateArray().Select(k => k.GetString()!));
    }

    [Fact]
    public async Task A_second_open_upgrade_is_refused_with_the_first_unless_it_supersedes()
    {
        await using var server = await RunningServer.StartAsync();
        var first = await server.BeginAsync();

        using var refused = await server.PostAsync("/api/v1/upgrades", """{"target":"checkout","toVersion":"1.6.0"}""");
        using var taken = await server.PostAsync("/api/v1/upgrades", """{"target":"checkout","toVersion":"1.6.0","supersede":true}""");

        Assert.Equal(409, (int)refused.StatusCode);
        Assert.Equal(first, (await RunningServer.JsonAsync(refused)).GetProperty("openUpgradeId").GetString());
        Assert.Equal(201, (int)taken.StatusCode);
        var old = await server.GetAsync($"/api/v1/upgrades/{first}");
        Assert.Equal("aborted", old.GetProperty("phase").GetString());
        Assert.Equal("superseded", old.GetProperty("verdict").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_move_that_is_not_allowed_names_those_that_are_and_the_same_move_twice_changes_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync();

        using var refused = await server.PostAsync($"/api/v1/upgrades/{id}/phase", """{"phase":"completed"}""");
        await server.MoveAsync(id, "upgrading");
        var once = await server.GetAsync($"/api/v1/upgrades/{id}");
        await server.MoveAsync(id, "upgrading");
        var twice = await server.GetAsync($"/api/v1/upgrades/{id}");

        Assert.Equal(409, (int)refused.StatusCode);
        Assert.Equal(["upgrading", "aborted"], (await RunningServer.JsonAsync(refused)).GetProperty("allowedMoves").EnumerateArray().Select(m => m.GetString()!));
        Assert.Equal(2, once.GetProperty("history").GetArrayLength());
        Assert.Equal(once.GetProperty("revision").GetInt64(), twice.GetProperty("revision").GetInt64());
    }

    [Fact]
    public async Task A_move_before_the_previous_one_is_refused_with_the_earliest_time()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync(phase: "upgrading");

        using var refused = await server.PostAsync($"/api/v1/upgrades/{id}/phase", """{"phase":"post-upgrade","at":"2026-05-04T11:00:00Z"}""");

        Assert.Equal(409, (int)refused.StatusCode);
        Assert.Equal("2026-05-04T12:00:00Z", (await RunningServer.JsonAsync(refused)).GetProperty("notBefore").GetString());
    }

    [Fact]
    public async Task The_list_is_newest_first_and_goes_on_at_its_cursor()
    {
        await using var server = await RunningServer.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            ids.Add(await server.BeginAsync(version: $"1.{i}"));
            using var moved = await server.PostAsync($"/api/v1/upgrades/{ids[^1]}/phase", """{"phase":"aborted"}""");
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await server.GetAsync($"/api/v1/upgrades?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(u => u.GetProperty("id").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        ids.Reverse();
        Assert.Equal(ids, seen);
        Assert.Empty((await server.GetAsync("/api/v1/upgrades?target=cart")).GetProperty("items").EnumerateArray());
        Assert.Equal(5, (await server.GetAsync("/api/v1/upgrades?phase=aborted")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Both_windows_are_absolute_times()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync(phase: "upgrading");
        await server.PassAsync(TimeSpan.FromMinutes(3));
        await server.MoveAsync(id, "post-upgrade");
        await server.PassAsync(TimeSpan.FromMinutes(1));

        var upgrade = await server.GetAsync($"/api/v1/upgrades/{id}");

        Assert.Equal("2026-05-04T12:00:00Z", upgrade.GetProperty("baselineWindow").GetProperty("until").GetString());
        Assert.Equal("2026-05-04T12:03:00Z", upgrade.GetProperty("observationWindow").GetProperty("from").GetString());
        Assert.Equal("2026-05-04T13:03:00Z", upgrade.GetProperty("observationWindow").GetProperty("until").GetString());
        Assert.False(upgrade.GetProperty("observationWindow").GetProperty("closed").GetBoolean());
    }
}
