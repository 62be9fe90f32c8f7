using System.Net;
using System.Net.Sockets;
using System.Text;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Http;

public sealed class HeadTests
{
    [Theory]
    [InlineData("/api/v1/status", 200, "application/json")]
    [InlineData("/api/v1/upgrades", 200, "application/json")]
    [InlineData("/api/v1/upgrades/{id}", 200, "application/json")]
    [InlineData("/api/v1/upgrades/{id}/verdict", 200, "application/json")]
    [InlineData("/api/v1/upgrades/{id}/gate", 425, "text/plain")]
    [InlineData("/api/v1/upgrades/{id}/checklist", 200, "application/json")]
    [InlineData("/api/v1/upgrades/{id}/report", 200, "application/json")]
    [InlineData("/api/v1/events", 200, "text/event-stream")]
    [InlineData("/openapi/v1.json", 200, "application/json")]
    [InlineData("/api/v1/upgrades/nix", 404, "application/problem+json")]
    [InlineData("/api/v1/hooks/generic", 405, "application/problem+json")]
    public async Task Head_answers_what_get_does_without_the_body(string path, int status, string type)
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync();

        using var answer = await server.SendAsync(HttpMethod.Head, path.Replace("{id}", id, StringComparison.Ordinal), null);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_verdict_has_the_same_tag_for_head_and_get_and_knows_it_again()
    {
        await using var server = await RunningServer.StartAsync();
        var path = $"/api/v1/upgrades/{await server.BeginAsync()}/verdict";
        using var got = await server.Api.GetAsync(path);

        using var head = await server.SendAsync(HttpMethod.Head, path, null);
        using var again = await server.SendAsync(HttpMethod.Head, path, null, ("If-None-Match", head.Headers.ETag!.ToString()));

        Assert.Equal(got.Headers.ETag, head.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Metrics_and_probes_answer_head_too()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var path in new[] { "/metrics", "/livez", "/readyz" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            using var answer = await server.Metrics.SendAsync(request);
            Assert.Equal(200, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_method_that_is_refused_is_told_that_head_is_allowed_where_get_is()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync(HttpMethod.Put, "/api/v1/status", "{}");

        Assert.Equal(405, (int)answer.StatusCode);
        Assert.Equal(["GET", "HEAD"], answer.Content.Headers.Allow.Order());
    }

    [Theory]
    [InlineData("GET /api/v1/upgrades/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "%00")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "%00")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nno header\r\n\r\n", 400, "not valid HTTP")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400, "not valid HTTP")]
    public async Task What_the_server_refuses_before_it_is_a_request_is_a_problem_document_too(string request, int status, string says)
    {
        await using var server = await RunningServer.StartAsync();

        var (head, body) = await SendRawAsync(server.Api.BaseAddress!, request);

        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/problem+json", head, StringComparison.Ordinal);
        using var problem = System.Text.Json.JsonDocument.Parse(body);
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Contains(says, problem.RootElement.GetProperty("detail").GetString());
        Assert.Contains($"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_beyond_all_measure_are_a_problem_document_too()
    {
        await using var server = await RunningServer.StartAsync();
        var headers = string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: 1\r\n"));

        var (head, body) = await SendRawAsync(server.Api.BaseAddress!, $"GET / HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

        Assert.StartsWith("HTTP/1.1 431 ", head, StringComparison.Ordinal);
        Assert.Contains("headers", body, StringComparison.Ordinal);
    }

    private static async Task<(string Head, string Body)> SendRawAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (answer[..(end + 2)], answer[(end + 4)..]);
    }
}
