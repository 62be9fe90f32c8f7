using System.Text.Json;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Http;

public sealed class EventApiTests
{
    [Fact]
    public async Task A_stream_tells_what_happens_from_now_on()
    {
        await using var server = await RunningServer.StartAsync();
        await server.BeginAsync(target: "cart");
        using var stream = await EventStream.OpenAsync(server);

        var id = await server.BeginAsync();
        await server.MoveAsync(id, "upgrading");

        var first = await stream.NextAsync();
        Assert.Equal("phase", first.Type);
        Assert.Equal(id, first.Data.GetProperty("upgradeId").GetString());
        Assert.Equal("pre-upgrade", first.Data.GetProperty("state").GetString());
        Assert.Equal(first.Id, first.Data.GetProperty("id").GetInt64());
        Assert.Equal("upgrading", (await stream.NextOfAsync("phase")).Data.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_stream_that_resumes_while_things_happen_loses_nothing_and_doubles_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 30; i++) await ChangeAsync(server, i);
        using var whole = await EventStream.OpenAsync(server, lastEventId: 0);
        var first = await whole.NextAsync();

        // Changes go on while the other stream connects and reads what it missed.
        var changing = Task.Run(async () =>
        {
            for (var i = 30; i < 60; i++) await ChangeAsync(server, i);
        });
        using var resumed = await EventStream.OpenAsync(server, lastEventId: first.Id);
        await changing;
        var newest = await ChangeAsync(server, 60);

        var ids = new List<long>();
        EventStream.Event next;
        do ids.Add((next = await resumed.NextAsync()).Id);
        while (next.Data.GetProperty("upgradeId").GetString() != newest || next.Data.GetProperty("state").GetString() != "aborted");
        Assert.Equal(Enumerable.Range(0, ids.Count).Select(i => first.Id + 1 + i), ids);
        Assert.True(ids.Count >= 121, $"{ids.Count} events");
    }

    [Fact]
    public async Task A_quiet_stream_carries_a_comment_every_15_seconds()
    {
        await using var server = await RunningServer.StartAsync();
        using var stream = await EventStream.OpenAsync(server);

        var line = stream.NextCommentAsync();
        while (!line.IsCompleted)
        {
            server.Time.Advance(TimeSpan.FromSeconds(15));
            await Task.Yield();
        }

        Assert.StartsWith(":", await line);
    }

    [Fact]
    public async Task An_id_of_another_store_starts_from_now_and_nonsense_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        using var stream = await EventStream.OpenAsync(server, lastEventId: 1_000_000);

        using var refused = await server.SendAsync(HttpMethod.Get, "/api/v1/events", null, ("Last-Event-ID", "abc"));
        var id = await server.BeginAsync();

        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Equal(id, (await stream.NextAsync()).Data.GetProperty("upgradeId").GetString());
    }

    [Fact]
    public async Task Streams_end_when_the_server_stops()
    {
        var server = await RunningServer.StartAsync();
        using var stream = await EventStream.OpenAsync(server);

        await server.Host.StopAsync(CancellationToken.None);

        Assert.Null(await stream.RestAsync());
        await server.DisposeAsync();
    }

    private static async Task<string> ChangeAsync(RunningServer server, int number)
    {
        var id = await server.BeginAsync(version: $"1.{number}");
        await server.MoveAsync(id, "aborted");
        return id;
    }

    /// <summary>Reads server-sent events.</summary>
    internal sealed class EventStream(HttpResponseMessage answer, StreamReader reader) : IDisposable
    {
        public static async Task<EventStream> OpenAsync(RunningServer server, long? lastEventId = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
            if (lastEventId is { } id) request.Headers.Add("Last-Event-ID", $"{id}");
            var answer = await server.Api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
            var stream = new EventStream(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
            Assert.Equal(": connected", await stream.NextCommentAsync());
            return stream;
        }

        public async Task<Event> NextAsync()
        {
            var (id, type) = (0L, "");
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal)) id = long.Parse(line[4..]);
                if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
                if (line.StartsWith("data: ", StringComparison.Ordinal)) return new Event(id, type, JsonDocument.Parse(line[6..]).RootElement);
            }

            throw new EndOfStreamException("the stream ended");
        }

        public async Task<Event> NextOfAsync(string type)
        {
            Event next;
            do next = await NextAsync();
            while (next.Type != type);
            return next;
        }

        public async Task<string> NextCommentAsync()
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith(':')) return line;
            }

            throw new EndOfStreamException("the stream ended");
        }

        public async Task<string?> RestAsync()
        {
            string? line;
            do line = await reader.ReadLineAsync();
            while (line == "");
            return line;
        }

        public void Dispose()
        {
            reader.Dispose();
            answer.Dispose();
        }

        public sealed record Event(long Id, string Type, JsonElement Data);
    }
}
