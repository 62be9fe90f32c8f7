using System.Text;
using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Pipelines;

/// <summary>What the hooks answer to what they cannot use: a status and one plain sentence, and nothing is changed.</summary>
public sealed class BadHookTests(BadHookTests.SharedServer shared) : IClassFixture<BadHookTests.SharedServer>
{
    private static readonly string[] FlaggerHooks = ["confirm-rollout", "rollout", "confirm-promotion", "rollback", "post-rollout", "event"];

    /// <summary>Body, status, and what the sentence must say: the same for each of Flagger's webhooks.</summary>
    public static TheoryData<string, int, string> Flagger { get; } = new()
    {
        { "", 400, "the body is not JSON" },
        { "{", 400, "the body is not JSON (line 1" },
        { "[]", 400, "the body is a list; it must be an object" },
        { "null", 400, "must be an object" },
        { """{"namespace":"shop","phase":"Progressing","checksum":"1"}""", 400, "name is missing; it must be text" },
        { """{"name":"checkout","phase":"Progressing","checksum":"1"}""", 400, "namespace is missing; it must be text" },
        { """{"name":"checkout","namespace":"shop","checksum":"1"}""", 400, "phase is missing; it must be text" },
        { """{"name":"checkout","namespace":"shop","phase":"Progressing"}""", 400, "checksum is missing; it must be text" },
        { """{"name":"checkout","name":"cart","namespace":"shop","phase":"Progressing","checksum":"1"}""", 400, "name is given twice; it must be given once" },
        { """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"1","metadata":{"toVersion":"1","toVersion":"2"}}""", 400, "metadata.toVersion is given twice" },
        { """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"1","metadata":{},"metadata":{}}""", 400, "metadata is given twice" },
        { """{"name":7,"namespace":"shop","phase":"Progressing","checksum":"1"}""", 400, "name is 7; it must be text" },
        { """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":null}""", 400, "checksum is null; it must be text" },
        { """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"1","metadata":["a"]}""", 400, "metadata is a list; it must be an object of names and texts" },
        { """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"1","metadata":{"toVersion":1.5}}""", 400, "metadata.toVersion is 1.5; it must be text" },
        { """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":""}""", 422, "checksum is empty; it must have 1 to 128 characters" },
        { """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"1\n2"}""", 422, "checksum has the control character U+000A at position 2" },
        { """{"name":"checkout\u202e","namespace":"shop","phase":"Progressing","checksum":"1"}""", 422, "name has the control character U+202E" },
        { """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"1","metadata":{"version":"<script>\u0007"}}""", 422, "metadata.version has the control character U+0007" },
        { """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"1","metadata":{"version":"1","toVersion":"2"}}""", 422, "metadata.version is '1' and metadata.toVersion is '2'; give one of them" },
        { """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"\ud800"}""", 400, "not valid Unicode" },
        { """{"name":"nobody","namespace":"shop","phase":"Progressing","checksum":"1"}""", 404, "no target is named 'nobody' with the label namespace: shop; name the one that is meant in metadata.target; known: checkout, cart" },
        { """{"name":"checkout","namespace":"other","phase":"Progressing","checksum":"1"}""", 404, "no target is named 'checkout' with the label namespace: other" },
        { """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"1","metadata":{"target":"<b>x</b>"}}""", 404, "target '<b>x</b>' is not known" },
    };

    /// <summary>Path, body, status, field and what the sentence must say.</summary>
    public static TheoryData<string, string, int, string?, string> Others { get; } = new()
    {
        { "argocd", "{}", 400, "application", "application is missing; it must be text" },
        { "argocd", """{"application":"checkout","operation":"Running"}""", 400, "revision", "revision is missing" },
        { "argocd", """{"application":"checkout","revision":"1","operation":"Running","revison":"2"}""", 400, "revison", "revison is not a field; known: application, revision" },
        { "argocd", """{"application":"checkout","application":"cart","revision":"1","operation":"Running"}""", 400, "application", "given twice" },
        { "argocd", """{"application":"checkout","revision":null,"operation":"Running"}""", 400, "revision", "revision is null; it must be text" },
        { "argocd", """{"application":"checkout","revision":"","operation":"Running"}""", 422, "revision", "revision is empty" },
        { "argocd", """{"application":"checkout","revision":"1","operation":"Walking"}""", 422, "operation", "operation is 'Walking'; it must be one of Running, Succeeded, Failed, Error, Terminating" },
        { "argocd", """{"application":"checkout","revision":"1","operation":"Succeeded"}""", 422, "health", "health is missing; with operation Succeeded it must be one of Healthy" },
        { "argocd", """{"application":"checkout","revision":"1","operation":"Succeeded","health":"Fine"}""", 422, "health", "health is 'Fine'" },
        { "argocd", """{"application":"checkout","revision":"1","operation":"Running","startedAt":"yesterday"}""", 422, "startedAt", "startedAt is 'yesterday'; it must be a time with its offset" },
        { "argocd", """{"application":"checkout","revision":"1\u0000","operation":"Running"}""", 422, "revision", "U+0000" },
        { "argocd", """{"application":"nobody","revision":"1","operation":"Running"}""", 404, "target", "no target is named 'nobody'; name the one that is meant in target; known: checkout, cart" },
        { "argocd", """{"application":"checkout","revision":"1","operation":"Running","target":"x"}""", 404, "target", "target 'x' is not known; known: checkout, cart" },
        { "generic", "{}", 400, "target", "target is missing" },
        { "generic", """{"target":"checkout","phase":"upgrading"}""", 400, "revision", "revision is missing" },
        { "generic", """{"target":"checkout","revision":"1"}""", 400, "phase", "phase is missing" },
        { "generic", """{"target":"checkout","revision":"1","phase":"deployed"}""", 422, "phase", "phase is 'deployed'; it must be one of pre-upgrade, upgrading" },
        { "generic", """{"target":"checkout","revision":"1","phase":"upgrading","phase":"completed"}""", 400, "phase", "phase is given twice" },
        { "generic", """{"target":"checkout","revision":"1","phase":"upgrading","force":true}""", 400, "force", "force is not a field; known: target, revision" },
        { "generic", """{"target":"checkout","revision":"1","phase":"upgrading","supersede":"yes"}""", 400, "supersede", "supersede is \"yes\"; it must be true or false" },
        { "generic", """{"target":"checkout","revision":"1","phase":"upgrading","at":"2026-05-04T14:00:00Z"}""", 422, "at", "lies in the future" },
        { "generic", """{"target":"checkout","revision":"1","phase":"upgrading","at":"2020-05-04T14:00:00Z"}""", 422, "at", "lies before the history that is read" },
        { "generic", """{"target":"checkout","revision":"1","phase":"upgrading","observationWindowSeconds":-5}""", 422, "observationWindowSeconds", "-5" },
        { "generic", """{"target":"checkout","revision":"1\r2","phase":"upgrading"}""", 422, "revision", "U+000D" },
        { "generic", """{"target":"checkout","revision":"1","phase":"completed"}""", 404, null, "no upgrade of target 'checkout' is known as pipeline checkout 1; it begins with pre-upgrade, upgrading, post-upgrade" },
        { "generic", """{"target":"nobody","revision":"1","phase":"upgrading"}""", 404, "target", "known: checkout, cart" },
        { "generic?dryRun=1", """{"target":"checkout","revision":"1","phase":"upgrading"}""", 400, "dryRun", "not known here" },
    };

    [Theory]
    [MemberData(nameof(Flagger))]
    public async Task Flaggers_webhooks_answer_one_plain_sentence(string body, int status, string says)
    {
        foreach (var hook in FlaggerHooks)
        {
            using var answer = await shared.Server.PostAsync($"/api/v1/hooks/flagger/{hook}", body);
            var sentence = await answer.Content.ReadAsStringAsync();

            Assert.True(status == (int)answer.StatusCode, $"{hook}: {(int)answer.StatusCode} {sentence}");
            Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            Assert.Contains(says, sentence);
            Assert.DoesNotContain('\n', sentence);
        }

        await NothingWasOpenedAsync();
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task The_other_hooks_answer_a_problem(string path, string body, int status, string? field, string says)
    {
        using var answer = await shared.Server.PostAsync($"/api/v1/hooks/{path}", body);
        var problem = await RunningServer.JsonAsync(answer);

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(status == (int)answer.StatusCode, problem.GetRawText());
        Assert.Contains(says, problem.GetProperty("detail").GetString());
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
        await NothingWasOpenedAsync();
    }

    [Fact]
    public async Task What_is_not_known_is_left_alone_and_named()
    {
        await using var server = await RunningServer.StartAsync();
        const string Body = """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"1","canaryWeight":10,"metadata":{"toVersoin":"1.5.0","cmd":"x"}}""";

        foreach (var hook in FlaggerHooks)
        {
            using var answer = await server.PostAsync($"/api/v1/hooks/flagger/{hook}", Body);
            var sentence = await answer.Content.ReadAsStringAsync();
            Assert.Equal(hook is "confirm-promotion" or "rollback" ? 409 : 200, (int)answer.StatusCode);
            if (hook == "confirm-rollout") Assert.EndsWith("Not known here, and left alone: metadata.toVersoin, metadata.cmd.", sentence);
        }
    }

    [Theory]
    [InlineData("post-rollout", 422)]
    [InlineData("event", 422)]
    [InlineData("rollback", 409)]
    [InlineData("rollout", 200)]
    public async Task A_phase_that_is_not_known_counts_only_where_it_decides(string hook, int status)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.PostAsync($"/api/v1/hooks/flagger/{hook}", """{"name":"checkout","namespace":"shop","phase":"Levitating","checksum":"1"}""");

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("flagger/rollout")]
    [InlineData("flagger/event")]
    [InlineData("argocd")]
    [InlineData("generic")]
    public async Task Another_encoding_or_type_is_refused(string path)
    {
        const string Body = """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"1"}""";
        var field = path switch { "argocd" => "application", "generic" => "target", _ => "name" };

        Assert.Equal((415, true), await SendAsync(Encoding.Unicode.GetBytes(Body), "application/json; charset=utf-16", "it must be application/json in UTF-8"));
        Assert.Equal((415, true), await SendAsync(Encoding.UTF8.GetBytes(Body), "text/plain", "the content type is 'text/plain'"));
        Assert.Equal((415, true), await SendAsync(Encoding.UTF8.GetBytes(Body), null, "the content type is ''"));
        Assert.Equal((400, true), await SendAsync(Encoding.Unicode.GetBytes(Body), "application/json", "the body is not JSON"));
        Assert.Equal((400, true), await SendAsync([.. Encoding.UTF8.GetBytes($"{{\"{field}\":"), 0x22, 0xff, 0xfe, 0x22, 0x7d], "application/json", "the body"));
        Assert.Equal((413, true), await SendAsync(new byte[(1024 * 1024) + 1], "application/json", "the body is larger than"));

        async Task<(int, bool)> SendAsync(byte[] bytes, string? type, string says)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/hooks/{path}") { Content = new ByteArrayContent(bytes) };
            request.Headers.ExpectContinue = bytes.Length > 1024;
            if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await shared.Server.Api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(text.Contains(says, StringComparison.Ordinal), text);
            return ((int)answer.StatusCode, path.StartsWith("flagger", StringComparison.Ordinal) == (answer.Content.Headers.ContentType!.MediaType == "text/plain"));
        }
    }

    [Theory]
    [InlineData("argocd", """{"application":"checkout","revision":"7","operation":"Running","toVersion":"1.5.0"}""", """{"application":"checkout","revision":"7","operation":"Running","toVersion":"1.6.0"}""", "argocd checkout 7 stands for version '1.5.0'")]
    [InlineData("argocd", """{"application":"checkout","revision":"7","operation":"Running"}""", """{"application":"checkout","revision":"7","operation":"Running","target":"cart"}""", "argocd checkout 7 is an upgrade of another target")]
    [InlineData("generic", """{"target":"checkout","revision":"7","phase":"upgrading","toVersion":"1.5.0"}""", """{"target":"checkout","revision":"7","phase":"upgrading","toVersion":"1.6.0"}""", "pipeline checkout 7 stands for version '1.5.0'")]
    [InlineData("flagger/rollout", """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"7","metadata":{"version":"1.5.0"}}""", """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"7","metadata":{"version":"1.6.0"}}""", "flagger shop/checkout 7 stands for version '1.5.0'")]
    public async Task The_same_revision_with_other_content_is_a_conflict(string path, string first, string second, string says)
    {
        await using var server = await RunningServer.StartAsync();
        using var opened = await server.PostAsync($"/api/v1/hooks/{path}", first);
        Assert.Equal(200, (int)opened.StatusCode);

        using var answer = await server.PostAsync($"/api/v1/hooks/{path}", second);

        Assert.Equal(409, (int)answer.StatusCode);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_store_that_takes_nothing_is_told_to_the_tool()
    {
        await using var server = await RunningServer.StartAsync(configure: services => services.AddSingleton<IUpgradeStore>(new FullStore()));
        const string Body = """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"1"}""";

        using var refused = await server.PostAsync("/api/v1/hooks/flagger/confirm-rollout", Body);

        Assert.Equal(507, (int)refused.StatusCode);
        Assert.Contains("could not be stored, so nothing was changed", await refused.Content.ReadAsStringAsync());
    }

    private async Task NothingWasOpenedAsync()
    {
        var upgrades = await shared.Server.GetAsync("/api/v1/upgrades");
        Assert.Empty(upgrades.GetProperty("items").EnumerateArray());
    }

    /// <summary>One server that nothing is opened on.</summary>
    public sealed class SharedServer : IAsyncLifetime
    {
        internal RunningServer Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await RunningServer.StartAsync();

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
