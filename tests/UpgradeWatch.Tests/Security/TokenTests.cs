using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Security;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Security;

public sealed class TokenTests
{
    [Fact]
    public async Task A_token_counts_from_when_its_line_is_there_until_it_is_gone()
    {
        await using var guarded = await GuardedServer.StartAsync();
        Assert.Equal(200, await guarded.StatusAsync("GET", "/api/v1/status", guarded.Read));

        guarded.Revoke(guarded.Read);
        var late = guarded.Grant("late", Role.Read);
        guarded.Server.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(401, await guarded.StatusAsync("GET", "/api/v1/status", guarded.Read));
        Assert.Equal(200, await guarded.StatusAsync("GET", "/api/v1/status", late));
    }

    [Fact]
    public async Task A_file_that_is_gone_lets_nobody_in_and_a_line_with_a_mistake_only_its_own_token()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var lines = File.ReadAllText(guarded.TokenFile);
        File.Delete(guarded.TokenFile);
        guarded.Server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, await guarded.StatusAsync("GET", "/api/v1/status", guarded.Admin));

        File.WriteAllText(guarded.TokenFile, lines.Replace("role=read", "role=reed", StringComparison.Ordinal));
        guarded.Server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, await guarded.StatusAsync("GET", "/api/v1/status", guarded.Read));
        Assert.Equal(200, await guarded.StatusAsync("GET", "/api/v1/status", guarded.Admin));
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("bearer x")]
    [InlineData("TOKEN")]
    public async Task What_is_no_bearer_token_is_refused(string header)
    {
        await using var guarded = await GuardedServer.StartAsync();
        using var answer = await guarded.SendAsync("GET", "/api/v1/status", null, null, ("Authorization", header));
        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Equal(401, await guarded.StatusAsync("GET", $"/api/v1/status?token={guarded.Admin}", null));
    }

    [Fact]
    public async Task Paths_that_do_not_exist_are_told_only_to_who_has_a_token()
    {
        await using var guarded = await GuardedServer.StartAsync();
        Assert.Equal(401, await guarded.StatusAsync("GET", "/api/v1/secrets", null));
        Assert.Equal(404, await guarded.StatusAsync("GET", "/api/v1/secrets", guarded.Read));
        Assert.Equal(401, await guarded.StatusAsync("PUT", "/api/v1/upgrades", null, "{}"));
        Assert.Equal(405, await guarded.StatusAsync("PUT", "/api/v1/upgrades", guarded.Read, "{}"));
    }

    [Fact]
    public async Task Force_and_override_need_the_highest_role()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var id = await guarded.BeginAsync();
        const string Force = """{"phase":"upgrading","force":true,"reason":"now"}""";
        const string Override = """{"status":"done","override":true,"reason":"seen"}""";
        var phase = $"/api/v1/upgrades/{id}/phase";
        var item = $"/api/v1/upgrades/{id}/checklist/monitor-metrics";

        Assert.Equal(403, await guarded.StatusAsync("POST", phase, guarded.Operate, Force));
        Assert.Equal(403, await guarded.StatusAsync("PATCH", item, guarded.Operate, Override));
        Assert.Equal(200, await guarded.StatusAsync("POST", phase, guarded.Admin, Force));
        Assert.Equal(200, await guarded.StatusAsync("PATCH", item, guarded.Admin, Override));
    }

    [Fact]
    public async Task A_token_for_one_target_sees_and_follows_that_one_alone()
    {
        await using var guarded = await GuardedServer.StartAsync();
        using var stream = await guarded.SendAsync("GET", "/api/v1/events", guarded.Other);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal(": connected", await reader.ReadLineAsync());
        var (checkout, cart) = (await guarded.BeginAsync("checkout"), await guarded.BeginAsync("cart"));

        string? line;
        do line = await reader.ReadLineAsync();
        while (line?.StartsWith("data:", StringComparison.Ordinal) == false);
        using var list = await guarded.SendAsync("GET", "/api/v1/upgrades?limit=1", guarded.Other);
        var items = (await RunningServer.JsonAsync(list)).GetProperty("items");

        Assert.Contains(cart, line, StringComparison.Ordinal);
        Assert.Equal(cart, Assert.Single(items.EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(403, await guarded.StatusAsync("GET", "/api/v1/upgrades?target=checkout", guarded.Other));
        Assert.Equal(403, await guarded.StatusAsync("POST", "/api/v1/upgrades", guarded.Other, """{"target":"checkout","toVersion":"9","supersede":true}"""));
        Assert.Equal(404, await guarded.StatusAsync("GET", "/api/v1/upgrades/01KQVF00000000000000000000", guarded.Other));
        Assert.NotEqual(checkout, cart);
    }

    [Fact]
    public async Task A_token_that_is_taken_back_ends_the_stream_that_it_opened()
    {
        await using var guarded = await GuardedServer.StartAsync();
        using var stream = await guarded.SendAsync("GET", "/api/v1/events", guarded.Read);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal(": connected", await reader.ReadLineAsync());

        guarded.Revoke(guarded.Read);
        await guarded.BeginAsync();

        var rest = await reader.ReadToEndAsync();
        Assert.DoesNotContain("data:", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_did_what_stands_in_the_upgrade_and_survives_a_restart()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var id = await guarded.BeginAsync();
        using (await guarded.SendAsync("POST", $"/api/v1/upgrades/{id}/phase", guarded.Operate, """{"phase":"upgrading","reason":"go"}""", ("X-UpgradeWatch-By", "root"))) { }
        using (await guarded.SendAsync("PATCH", $"/api/v1/upgrades/{id}/checklist/rollback-plan", guarded.Own, """{"status":"done"}""")) { }

        using var answer = await guarded.SendAsync("GET", $"/api/v1/upgrades/{id}", guarded.Read);
        var upgrade = await RunningServer.JsonAsync(answer);

        Assert.Equal(
            ["begin pre-upgrade root", "phase upgrading ci (for root)", "checklist rollback-plan checkout-team"],
            upgrade.GetProperty("changes").EnumerateArray().Select(c => $"{c.GetProperty("what")} {c.GetProperty("subject")} {c.GetProperty("by")}"));
        Assert.Equal("ci (for root)", upgrade.GetProperty("history")[1].GetProperty("by").GetString());
        var stored = await guarded.Server.Services.GetRequiredService<Engine.Ports.IUpgradeStore>().FindAsync(id, CancellationToken.None);
        Assert.Equal(3, stored!.Changes!.Count);
    }

    [Fact]
    public async Task Flaggers_token_comes_in_the_body_and_counts_as_one_in_the_header()
    {
        await using var guarded = await GuardedServer.StartAsync();
        const string Hook = "/api/v1/hooks/flagger/rollout";
        string Body(string token) => $$$"""{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"7c9fd8b6","metadata":{"target":"checkout","token":"{{{token}}}"}}""";

        Assert.Equal(200, await guarded.StatusAsync("POST", Hook, null, Body(guarded.Operate)));
        Assert.Equal(403, await guarded.StatusAsync("POST", Hook, null, Body(guarded.Other)));
        Assert.Equal(403, await guarded.StatusAsync("POST", Hook, null, Body(guarded.Read)));
        Assert.Equal(401, await guarded.StatusAsync("POST", Hook, null, Body("wrong")));
        Assert.Equal(401, await guarded.StatusAsync("POST", Hook, null, "not json"));
        Assert.Equal(413, await guarded.StatusAsync("POST", Hook, null, new string(' ', (64 * 1024) + 1)));
        Assert.Equal(401, await guarded.StatusAsync("POST", "/api/v1/hooks/argocd", null, Body(guarded.Operate)));
    }
}
