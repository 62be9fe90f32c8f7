using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Http;

public sealed class OpenApiTests
{
    private const string Json = "application/json";

    [Fact]
    public async Task Every_route_is_called_and_answers_what_the_document_says()
    {
        await using var server = await RunningServer.StartAsync();
        var document = new ApiDocument(await server.Api.GetStringAsync("/openapi/v1.json"));
        server.Source.Where = Where;
        var id = await VerdictApiTests.FailAsync(server);
        var called = new HashSet<(string, string)>();
        var wrong = new List<string>();

        foreach (var call in Calls(id))
        {
            using var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Actual ?? call.Path.Replace("{id}", id, StringComparison.Ordinal));
            if (call.Body is not null) request.Content = new StringContent(call.Body, System.Text.Encoding.UTF8, call.Type);

            // As curl sends large bodies: who sends all of it at once may find the connection closed before it reads the answer.
            request.Headers.ExpectContinue = call.Status == 413;
            foreach (var (name, value) in call.Headers ?? []) request.Headers.TryAddWithoutValidation(name, value);
            var client = call.OnMetrics ? server.Metrics : server.Api;
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var type = answer.Content.Headers.ContentType?.MediaType;
            var body = type == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync();
            called.Add((call.Method, call.Path));
            if ((int)answer.StatusCode != call.Status) wrong.Add($"{call.Method} {request.RequestUri}: {(int)answer.StatusCode} instead of {call.Status}: {body}");
            if (document.Judge(call.Method, call.Path, (int)answer.StatusCode, type, body) is { } mistake) wrong.Add(mistake);
        }

        Assert.Empty(wrong);
        Assert.Equal(document.Operations.Order(), called.Order());
    }

    [Fact]
    public async Task Every_route_of_the_server_is_in_the_document()
    {
        await using var server = await RunningServer.StartAsync();
        var document = new ApiDocument(await server.Api.GetStringAsync("/openapi/v1.json"));

        var mapped = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(m => (m, "/" + e.RoutePattern.RawText!.Trim('/'))))
            .Where(r => !r.Item2.StartsWith("/openapi", StringComparison.Ordinal));

        Assert.StartsWith("3.1", document.Version);
        Assert.Equal(mapped.Order(), document.Operations.Order());
    }

    [Fact]
    public async Task An_answer_that_is_not_described_is_noticed()
    {
        await using var server = await RunningServer.StartAsync();
        var document = new ApiDocument(await server.Api.GetStringAsync("/openapi/v1.json"));
        var status = await server.Api.GetStringAsync("/api/v1/status");

        Assert.Null(document.Judge("GET", "/api/v1/status", 200, Json, status));
        Assert.NotNull(document.Judge("GET", "/api/v1/status", 200, Json, status.Replace("\"version\":", "\"versoin\":", StringComparison.Ordinal)));
        Assert.NotNull(document.Judge("GET", "/api/v1/status", 200, Json, status.Replace("\"startedAt\":\"", "\"startedAt\":5,\"x\":\"", StringComparison.Ordinal)));
        Assert.NotNull(document.Judge("GET", "/api/v1/status", 418, Json, status));
    }

    private static IEnumerable<Call> Calls(string id)
    {
        const string Upgrades = "/api/v1/upgrades";
        const string One = Upgrades + "/{id}";
        yield return new("POST", Upgrades, 201) { Body = """{"target":"cart","toVersion":"2"}""" };
        yield return new("POST", Upgrades, 400) { Body = "{}" };
        yield return new("POST", Upgrades, 403) { Body = "{}", Headers = [("Origin", "http://evil.example")] };
        yield return new("POST", Upgrades, 409) { Body = """{"target":"cart","toVersion":"3"}""" };
        yield return new("POST", Upgrades, 413) { Body = new string(' ', (1024 * 1024) + 1) };
        yield return new("POST", Upgrades, 415) { Body = "{}", Type = "text/plain" };
        yield return new("POST", Upgrades, 422) { Body = """{"target":"nobody","toVersion":"3"}""" };
        yield return new("GET", Upgrades, 200);
        yield return new("GET", Upgrades, 400) { Actual = Upgrades + "?limit=x" };
        yield return new("GET", One, 200);
        yield return new("GET", One, 404) { Actual = Upgrades + "/nix" };
        yield return new("GET", One + "/verdict", 200);
        yield return new("GET", One + "/verdict", 304) { Headers = [("If-None-Match", "*")] };
        yield return new("GET", One + "/verdict", 404) { Actual = Upgrades + "/nix/verdict" };
        yield return new("GET", "/api/v1/targets/{target}/verdict", 200) { Actual = "/api/v1/targets/checkout/verdict" };
        yield return new("GET", One + "/gate", 409);
        yield return new("GET", "/api/v1/targets/{target}/gate", 425) { Actual = "/api/v1/targets/cart/gate" };
        yield return new("GET", "/api/v1/targets/{target}/gate", 404) { Actual = "/api/v1/targets/nobody/gate" };
        yield return new("GET", One + "/findings/{sli}/series", 200) { Actual = $"{Upgrades}/{id}/findings/error-ratio/series" };
        yield return new("GET", One + "/findings/{sli}/series", 404) { Actual = $"{Upgrades}/{id}/findings/nix/series" };
        const string Acknowledge = One + "/findings/{sli}/acknowledge";
        yield return new("POST", Acknowledge, 404) { Actual = $"{Upgrades}/{id}/findings/nix/acknowledge", Body = """{"reason":"known"}""" };
        yield return new("POST", Acknowledge, 422) { Actual = $"{Upgrades}/{id}/findings/error-ratio/acknowledge", Body = """{"reason":""}""" };
        yield return new("POST", Acknowledge, 200) { Actual = $"{Upgrades}/{id}/findings/error-ratio/acknowledge", Body = """{"reason":"known"}""" };
        yield return new("GET", One, 200);
        yield return new("GET", One + "/checklist", 200);
        yield return new("DELETE", Acknowledge, 200) { Actual = $"{Upgrades}/{id}/findings/error-ratio/acknowledge" };
        yield return new("GET", One + "/checklist", 200);
        yield return new("PATCH", One + "/checklist/{item}", 200) { Actual = $"{Upgrades}/{id}/checklist/sanity-check", Body = """{"status":"done"}""" };
        yield return new("PATCH", One + "/checklist/{item}", 409) { Actual = $"{Upgrades}/{id}/checklist/monitor-metrics", Body = """{"status":"done"}""" };
        yield return new("GET", One + "/report", 200);
        yield return new("GET", One + "/report", 406) { Headers = [("Accept", "image/png")] };
        yield return new("GET", One + "/report", 501) { Headers = [("Accept", "text/html")] };
        yield return new("POST", One + "/phase", 409) { Body = """{"phase":"upgrading"}""" };
        yield return new("POST", One + "/phase", 200) { Body = """{"phase":"completed","reason":"enough"}""" };
        yield return new("GET", "/api/v1/events", 200);
        yield return new("GET", "/api/v1/events", 400) { Headers = [("Last-Event-ID", "x")] };
        yield return new("GET", "/api/v1/status", 200);
        foreach (var hook in new[] { "confirm-rollout", "rollout", "confirm-promotion", "rollback", "post-rollout", "event" })
        {
            var status = hook is "confirm-promotion" or "rollback" ? 409 : 200;
            yield return new("POST", $"/api/v1/hooks/flagger/{hook}", status) { Body = """{"name":"checkout","namespace":"shop","phase":"Succeeded","checksum":"1"}""" };
            yield return new("POST", $"/api/v1/hooks/flagger/{hook}", 400) { Body = "{}" };
            yield return new("POST", $"/api/v1/hooks/flagger/{hook}", 404) { Body = """{"name":"nobody","namespace":"shop","phase":"Succeeded","checksum":"1"}""" };
            yield return new("POST", $"/api/v1/hooks/flagger/{hook}", 415) { Body = "{}", Type = "text/plain" };
        }

        yield return new("POST", "/api/v1/hooks/argocd", 200) { Body = """{"application":"checkout","revision":"1","operation":"Running"}""" };
        yield return new("POST", "/api/v1/hooks/argocd", 422) { Body = """{"application":"checkout","revision":"1","operation":"Walking"}""" };
        yield return new("POST", "/api/v1/hooks/generic", 200) { Body = """{"target":"checkout","revision":"1","phase":"post-upgrade"}""" };
        yield return new("POST", "/api/v1/hooks/generic", 409) { Body = """{"target":"cart","revision":"3","phase":"upgrading","toVersion":"3"}""" };
        yield return new("POST", "/login", 404) { Body = """{"token":"x"}""" };
        yield return new("POST", "/login", 415) { Body = "x", Type = "text/plain" };
        yield return new("POST", "/logout", 204) { Body = "{}" };
        yield return new("GET", "/", 501);
        yield return new("GET", "/upgrades/{id}", 501);
        foreach (var path in new[] { "/metrics", "/livez", "/readyz", "/startupz", "/healthz" }) yield return new("GET", path, 200) { OnMetrics = true };
    }

    // So that the document is held against a finding that says where it is.
    private static Breakdown Where => new()
    {
        Labels = ["route", "pod"],
        Events = [new LabelledCount(["/new", "a"], 0, 200), new LabelledCount(["/new", "b"], 0, 200)],
        Exposures = [new LabelledCount(["/new", "a"], 0, 400), new LabelledCount(["/new", "b"], 0, 400), new LabelledCount(["/old", "a"], 9_000, 1_000)],
        SecondsBefore = 3600,
        SecondsSince = 600,
    };

    private sealed record Call(string Method, string Path, int Status)
    {
        public string? Actual { get; init; }

        public string? Body { get; init; }

        public string Type { get; init; } = Json;

        public bool OnMetrics { get; init; }

        public (string Name, string Value)[]? Headers { get; init; }
    }
}
