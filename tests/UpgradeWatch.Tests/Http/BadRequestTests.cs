using System.Net;
using System.Text;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Http;

public sealed class BadRequestTests(BadRequestTests.SharedServer shared) : IClassFixture<BadRequestTests.SharedServer>
{
    private const string Begin = "/api/v1/upgrades";

    /// <summary>Method, path ({id} is an open upgrade), body, status, field, and what the sentence must say.</summary>
    public static TheoryData<string, string, string?, int, string?, string> Table { get; } = new()
    {
        { "POST", Begin, "", 400, null, "not JSON" },
        { "POST", Begin, "{", 400, null, "line 1" },
        { "POST", Begin, "{\"target\":\"checkout\",}", 400, null, "not JSON" },
        { "POST", Begin, "null", 400, null, "must be an object" },
        { "POST", Begin, "[]", 400, null, "the body is a list" },
        { "POST", Begin, "\"checkout\"", 400, null, "must be an object" },
        { "POST", Begin, "{}", 400, "target", "target is missing" },
        { "POST", Begin, """{"target":"checkout"}""", 400, "toVersion", "toVersion is missing" },
        { "POST", Begin, """{"target":null,"toVersion":"1"}""", 400, "target", "must be text" },
        { "POST", Begin, """{"target":5,"toVersion":"1"}""", 400, "target", "target is 5; it must be text" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","versoin":"2"}""", 400, "versoin", "known: target, toVersion" },
        { "POST", Begin, """{"Target":"checkout","toVersion":"1"}""", 400, "Target", "not a field" },
        { "POST", Begin, """{"target":"checkout","target":"cart","toVersion":"1"}""", 400, "target", "given twice" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","at":"yesterday"}""", 400, "at", "a time with its offset" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","at":"2026-05-04T12:00:00"}""", 400, "at", "a time with its offset" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","at":1714819200}""", 400, "at", "a time with its offset" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","supersede":"yes"}""", 400, "supersede", "true or false" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","observationWindowSeconds":"60m"}""", 400, "observationWindowSeconds", "a number" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","observationWindowSeconds":1e999}""", 400, "observationWindowSeconds", "a number" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","links":["https://a.example"]}""", 400, "links", "names and texts" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","links":{"a":1}}""", 400, "links.a", "must be text" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","plannedDowntime":{"from":"2026-05-04T12:00:00Z"}}""", 400, "plannedDowntime.until", "is missing" },
        { "POST", Begin, """{"target":"checkout","toVersion":"\ud800"}""", 400, null, "Unicode" },
        { "POST", Begin + "?dryRun=1", """{"target":"checkout","toVersion":"1"}""", 400, "dryRun", "not known here" },
        { "POST", Begin, """{"target":"nobody","toVersion":"1"}""", 422, "target", "checkout" },
        { "POST", Begin, """{"target":"checkout","toVersion":""}""", 422, "toVersion", "1 to 128 characters" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1\n2"}""", 422, "toVersion", "U+000A" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1\u202e2"}""", 422, "toVersion", "U+202E" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","phase":"completed"}""", 422, "phase", "pre-upgrade, upgrading, post-upgrade" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","phase":"PRE-UPGRADE"}""", 422, "phase", "begins in" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","links":{"a":"javascript:alert(1)"}}""", 422, "links.a", "http or https" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","links":{"a":"/relative"}}""", 422, "links.a", "http or https" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","plannedDowntime":{"from":"2026-05-04T12:00:00Z","until":"2026-05-04T11:00:00Z"}}""", 422, "plannedDowntime.until", "not after" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","observationWindowSeconds":-1}""", 422, "observationWindowSeconds", "-1" },
        { "POST", Begin, """{"target":"checkout","toVersion":"1","phase":"upgrading","at":"2026-05-04T12:30:00Z"}""", 422, "at", "future" },
        { "GET", Begin + "?limit=0", null, 400, "limit", "1 to 200" },
        { "GET", Begin + "?limit=ten", null, 400, "limit", "whole number" },
        { "GET", Begin + "?limit=1&limit=2", null, 400, "limit", "given once" },
        { "GET", Begin + "?cursor=abc", null, 400, "cursor", "nextCursor" },
        { "GET", Begin + "?phase=done", null, 400, "phase", "post-upgrade" },
        { "GET", Begin + "/nix", null, 404, null, "no upgrade 'nix'" },
        { "POST", Begin + "/nix/phase", """{"phase":"upgrading"}""", 404, "id", "nix" },
        { "POST", Begin + "/{id}/phase", """{"phase":"done"}""", 422, "phase", "must be one of" },
        { "POST", Begin + "/{id}/phase", """{"phase":"upgrading","reason":7}""", 400, "reason", "must be text" },
        { "POST", Begin + "/{id}/phase", """{"phase":"post-upgrade"}""", 409, "phase", "allowed: upgrading, aborted" },
        { "PATCH", Begin + "/{id}/checklist/rollback-plan", "{}", 400, null, "nothing is to be changed" },
        { "PATCH", Begin + "/{id}/checklist/rollback-plan", """{"status":"ok"}""", 422, "status", "in-progress" },
        { "PATCH", Begin + "/{id}/checklist/rollback-plan", """{"link":"ftp://a.example"}""", 422, "link", "http or https" },
        { "PATCH", Begin + "/{id}/checklist/nix", """{"status":"done"}""", 404, null, "nix" },
        { "PATCH", Begin + "/{id}/checklist/monitor-metrics", """{"status":"done"}""", 409, "status", "override" },
        { "GET", Begin + "/{id}/verdict?wait=61", null, 400, "wait", "0 to 60" },
        { "GET", Begin + "/{id}/verdict?wait=-1", null, 400, "wait", "0 to 60" },
        { "GET", Begin + "/{id}/gate?until=done", null, 400, "until", "must be final" },
        { "GET", Begin + "/{id}/gate?untill=final", null, 400, "untill", "known: until" },
        { "GET", Begin + "/{id}/findings/nix/series", null, 404, "sli", "nix" },
        { "GET", "/api/v1/targets/nobody/verdict", null, 404, "target", "known: checkout, cart" },
        { "GET", "/api/v1/targets/cart/gate", null, 404, null, "has not had an upgrade" },
        { "GET", "/api/v2/upgrades", null, 404, null, "nothing at" },
        { "PUT", Begin, "{}", 405, null, "allowed: " },
        { "POST", Begin + "/nix/findings/error-ratio/acknowledge", """{"reason":"known"}""", 404, "id", "nix" },
        { "POST", Begin + "/{id}/findings/error-ratio/acknowledge", "{}", 400, "reason", "reason is missing" },
        { "POST", Begin + "/{id}/findings/error-ratio/acknowledge", """{"reason":"known","until":"soon"}""", 400, "until", "a time with its offset" },
        { "POST", Begin + "/{id}/findings/error-ratio/acknowledge", """{"reason":"known"}""", 409, null, "not known yet" },
        { "DELETE", Begin + "/nix/findings/error-ratio/acknowledge", null, 404, "id", "nix" },
        { "GET", "/", null, 501, null, "status page" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_bad_request_is_answered_with_what_would_be_right(string method, string path, string? body, int status, string? field, string says)
    {
        var (server, id) = (shared.Server, shared.OpenUpgrade);

        using var answer = await server.SendAsync(new HttpMethod(method), path.Replace("{id}", id, StringComparison.Ordinal), body);

        var problem = await RunningServer.JsonAsync(answer);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Contains(says, problem.GetProperty("detail").GetString());
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
        Assert.Equal(["pre-upgrade"], (await server.GetAsync($"{Begin}/{id}")).GetProperty("history").EnumerateArray().Select(p => p.GetProperty("phase").GetString()!));
    }

    [Theory]
    [InlineData("toVersion", 129, "at most 128")]
    [InlineData("owner", 257, "at most 256")]
    public async Task A_text_that_is_too_long_is_refused_and_the_longest_is_taken(string field, int length, string says)
    {
        await using var server = await RunningServer.StartAsync();
        string Body(int characters) => field == "toVersion"
            ? $$"""{"target":"checkout","toVersion":"{{new string('x', characters)}}"}"""
            : $$"""{"target":"checkout","toVersion":"1","{{field}}":"{{new string('x', characters)}}"}""";

        using var refused = await server.PostAsync(Begin, Body(length));
        using var taken = await server.PostAsync(Begin, Body(length - 1));

        Assert.Equal(422, (int)refused.StatusCode);
        Assert.Contains(says, (await RunningServer.JsonAsync(refused)).GetProperty("detail").GetString());
        Assert.Equal(201, (int)taken.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_a_mebibyte_is_refused(bool isChunked)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Begin)
        {
            Content = new StringContent($$"""{"target":"checkout","toVersion":"{{new string('x', 1024 * 1024)}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = isChunked;

        // As curl sends large bodies: who sends all of it at once may find the connection closed before it reads the answer.
        request.Headers.ExpectContinue = true;

        using var answer = await server.Api.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("1 MiB", (await RunningServer.JsonAsync(answer)).GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Another_content_type_is_refused(string contentType)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Begin) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using var answer = await server.Api.SendAsync(request);

        Assert.Equal(415, (int)answer.StatusCode);
        Assert.Contains("application/json", (await RunningServer.JsonAsync(answer)).GetProperty("detail").GetString());
    }

    /// <summary>One server for the whole table: nothing in it may change anything.</summary>
    public sealed class SharedServer : IAsyncLifetime
    {
        internal RunningServer Server { get; private set; } = null!;

        internal string OpenUpgrade { get; private set; } = "";

        public async Task InitializeAsync()
        {
            Server = await RunningServer.StartAsync();
            OpenUpgrade = await Server.BeginAsync();
        }

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
