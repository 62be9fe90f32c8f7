using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using UpgradeWatch.Http;
using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Http.Hooks;
using UpgradeWatch.Security;
using UpgradeWatch.TestKit.Fuzzing;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Fuzzing;

public sealed class BodyFuzzTests
{
    private const string Corpus = "Fuzzing/Corpus/bodies";

    [Fact]
    public void What_is_damaged_here_is_read_as_long_as_it_is_whole()
    {
        Assert.Null(Read(File.ReadAllBytes($"{Corpus}/begin.json"), ApiJson.Default.BeginRequest).Problem);
        Assert.Null(Read(File.ReadAllBytes($"{Corpus}/advance.json"), ApiJson.Default.AdvanceRequest).Problem);
        Assert.Null(Read(File.ReadAllBytes($"{Corpus}/item.json"), ApiJson.Default.ItemRequest).Problem);
        Assert.Null(Read(File.ReadAllBytes($"{Corpus}/acknowledge.json"), ApiJson.Default.AcknowledgeRequest).Problem);
        Assert.Null(Read(File.ReadAllBytes("Fuzzing/Corpus/hooks/event.json"), ApiJson.Default.FlaggerRequest).Problem);
        Assert.Null(Read(File.ReadAllBytes("Fuzzing/Corpus/hooks/argocd.json"), ApiJson.Default.ArgoCdRequest).Problem);
        Assert.Null(Read(File.ReadAllBytes("Fuzzing/Corpus/hooks/generic.json"), ApiJson.Default.PipelineRequest).Problem);
    }

    [Fact]
    public void Whatever_a_body_that_opens_an_upgrade_holds_it_is_read_or_refused_in_a_sentence() =>
        Fuzz.Run(Corpus, () => body => Check(Read(body, ApiJson.Default.BeginRequest), BeginRules.Check));

    [Fact]
    public void Whatever_a_body_that_moves_an_upgrade_holds_it_is_read_or_refused_in_a_sentence() =>
        Fuzz.Run(Corpus, () => body => Check(Read(body, ApiJson.Default.AdvanceRequest)));

    [Fact]
    public void Whatever_a_body_that_changes_an_item_holds_it_is_read_or_refused_in_a_sentence() =>
        Fuzz.Run(Corpus, () => body => Check(Read(body, ApiJson.Default.ItemRequest)));

    [Fact]
    public void Whatever_a_body_that_acknowledges_holds_it_is_read_or_refused_in_a_sentence() =>
        Fuzz.Run(Corpus, () => body => Check(Read(body, ApiJson.Default.AcknowledgeRequest)));

    [Fact]
    public void Whatever_a_pipeline_sends_it_is_read_or_refused_in_a_sentence()
    {
        Fuzz.Run("Fuzzing/Corpus/hooks", () => body => Check(Read(body, ApiJson.Default.FlaggerRequest), flagger => FlaggerRules.Check(flagger, FlaggerHook.Event)));
        Fuzz.Run("Fuzzing/Corpus/hooks", () => body => Check(Read(body, ApiJson.Default.ArgoCdRequest), argo => ArgoCdRules.Check(ArgoCdRules.WithoutEmpty(argo))));
        Fuzz.Run("Fuzzing/Corpus/hooks", () => body => Check(Read(body, ApiJson.Default.PipelineRequest)));
    }

    /// <summary>A webhook's token is taken out of the body before anything else sees it.</summary>
    [Fact]
    public void Whatever_a_webhook_sends_it_is_passed_on_without_the_token_that_was_taken_from_it() =>
        Fuzz.Run("Fuzzing/Corpus/hooks", () => body =>
        {
            var (token, rest) = Take(body);
            if (token is not { Length: > 0 }) return;
            using var left = JsonDocument.Parse(rest, new JsonDocumentOptions { MaxDepth = 16 });
            Assert.False(left.RootElement.GetProperty("metadata").TryGetProperty("token", out _));
        });

    [Fact]
    public void A_webhook_that_is_whole_gives_its_token_away_and_keeps_the_rest()
    {
        var (token, rest) = Take(File.ReadAllBytes("Fuzzing/Corpus/hooks/flagger.json"));

        Assert.Equal("uw_secret-of-the-webhook-5b1c", token);
        Assert.DoesNotContain("uw_secret", Encoding.UTF8.GetString(rest), StringComparison.Ordinal);
        Assert.Contains("85d557f47b", Encoding.UTF8.GetString(rest), StringComparison.Ordinal);
    }

    /// <summary>All the way through the server, which must never answer that it made a mistake itself.</summary>
    [Theory]
    [InlineData("POST", "/api/v1/upgrades")]
    [InlineData("POST", "/api/v1/upgrades/{id}/phase")]
    [InlineData("PATCH", "/api/v1/upgrades/{id}/checklist/rollback-plan")]
    [InlineData("POST", "/api/v1/upgrades/{id}/findings/error-ratio/acknowledge")]
    [InlineData("POST", "/api/v1/hooks/flagger/rollout", "hooks")]
    [InlineData("POST", "/api/v1/hooks/flagger/event", "hooks")]
    [InlineData("POST", "/api/v1/hooks/argocd", "hooks")]
    [InlineData("POST", "/api/v1/hooks/generic", "hooks")]
    public async Task The_server_answers_whatever_is_sent(string method, string path, string corpus = "bodies")
    {
        const int Requests = 300;
        await using var server = await RunningServer.StartAsync();
        var url = path.Replace("{id}", await server.BeginAsync(), StringComparison.Ordinal);
        var mutator = new Mutator([.. Directory.EnumerateFiles($"Fuzzing/Corpus/{corpus}").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]);
        var random = new Random(method.Length + path.Length);
        for (var i = 0; i < Requests; i++)
        {
            var body = mutator.Next(random);
            using var request = new HttpRequestMessage(new HttpMethod(method), url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await server.Api.SendAsync(request);

            Assert.True(answer.StatusCode < HttpStatusCode.InternalServerError, $"{(int)answer.StatusCode} for {Convert.ToBase64String(body)}");
        }
    }

    private static (string? Token, byte[] Left) Take(byte[] body)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(body);
        var (token, problem) = BodyToken.TakeAsync(context).GetAwaiter().GetResult();
        Assert.Null(problem);
        return (token, ((MemoryStream)context.Request.Body).ToArray());
    }

    private static (T? Value, Problem? Problem) Read<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(body);
        return RequestBody.ReadAsync(context, type).GetAwaiter().GetResult();
    }

    private static void Check<T>((T? Value, Problem? Problem) read, Func<T, Problem?>? rules = null)
        where T : class
    {
        var problem = read.Problem ?? rules?.Invoke(read.Value!);
        Assert.True(problem is not null || read.Value is not null);
        if (problem is not null) Assert.InRange(problem.Detail.Length, 1, 4000);
    }
}
