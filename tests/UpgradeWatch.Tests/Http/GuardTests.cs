using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Http;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Http;

public sealed class GuardTests
{
    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("evil.example:8080", 421)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:9", 200)]
    [InlineData("127.0.0.1:1", 200)]
    [InlineData("[::1]:1", 200)]
    public async Task Only_known_hosts_are_answered(string host, int status)
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync(HttpMethod.Get, "/api/v1/status", null, ("Host", host));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("https://localhost:1", 403)]
    [InlineData("same", 201)]
    [InlineData(null, 201)]
    public async Task A_page_of_another_origin_changes_nothing(string? origin, int status)
    {
        await using var server = await RunningServer.StartAsync();
        var own = server.Api.BaseAddress!.GetLeftPart(UriPartial.Authority);
        (string, string)[] headers = origin is null ? [] : [("Origin", origin == "same" ? own : origin)];

        using var answer = await server.SendAsync(HttpMethod.Post, "/api/v1/upgrades", """{"target":"checkout","toVersion":"1"}""", headers);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 201 ? 1 : 0, (await server.GetAsync("/api/v1/upgrades")).GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/metrics/")]
    [InlineData("/livez")]
    [InlineData("/READYZ")]
    [InlineData("/startupz")]
    [InlineData("/healthz")]
    public async Task Metrics_and_probes_are_on_their_own_listener_only(string path)
    {
        await using var server = await RunningServer.StartAsync();

        using var there = await server.Metrics.GetAsync(path);
        using var here = await server.Api.GetAsync(path);

        Assert.Equal(200, (int)there.StatusCode);
        Assert.Equal(404, (int)here.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/status")]
    [InlineData("/api/v1/upgrades")]
    [InlineData("/openapi/v1.json")]
    public async Task The_api_is_not_on_the_listener_of_the_metrics_whatever_the_host_header_says(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = server.Api.BaseAddress!.Authority;

        using var answer = await server.Metrics.SendAsync(request);

        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task When_two_hundred_streams_and_polls_are_open_the_next_is_told_to_come_back()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await server.BeginAsync();
        var room = server.Services.GetRequiredService<WaitingRoom>();
        var places = Enumerable.Range(0, WaitingRoom.Places - 1).Select(_ => room.TryEnter()).ToList();
        using var last = await server.Api.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)last.StatusCode);

        foreach (var path in new[] { "/api/v1/events", $"/api/v1/upgrades/{id}/verdict?wait=60" })
        {
            using var refused = await server.Api.GetAsync(path);
            Assert.Equal((503, TimeSpan.FromSeconds(5)), ((int)refused.StatusCode, refused.Headers.RetryAfter!.Delta));
        }

        places[0]!.Dispose();
        using var next = await server.Api.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)next.StatusCode);
    }

    [Fact]
    public async Task Whoever_scrapes_may_use_any_host_name()
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Host = "upgradewatch.monitoring.svc:9464";

        using var answer = await server.Metrics.SendAsync(request);

        Assert.Equal(200, (int)answer.StatusCode);
    }
}
