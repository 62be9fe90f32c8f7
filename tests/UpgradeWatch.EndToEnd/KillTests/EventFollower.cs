using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>One event as a client of the stream gets it.</summary>
internal sealed record SeenEvent(long Id, string Type, string UpgradeId, string? Subject, string State);

/// <summary>Follows the event stream over all deaths of the server, each time from the last event it has seen.</summary>
internal sealed class EventFollower(Uri server) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentQueue<SeenEvent> _seen = new();
    private Task _following = Task.CompletedTask;
    private long _last;

    /// <summary>Raised for each event.</summary>
    public event Action<SeenEvent>? Arrived;

    /// <summary>All events so far, in the order of their arrival.</summary>
    public IReadOnlyList<SeenEvent> Seen => [.. _seen];

    /// <summary>Follows the server that has just started.</summary>
    public async Task ResumeAsync()
    {
        await _following;
        _following = FollowAsync();
    }

    /// <summary>Waits until so many events have arrived.</summary>
    public async Task WaitForAsync(int count)
    {
        var there = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(SeenEvent? last)
        {
            if (_seen.Count >= count) there.TrySetResult();
        }

        Arrived += Look;
        Look(null);
        await there.Task.WaitAsync(TestKit.Processes.TestProcess.Patience, TimeProvider.System);
        Arrived -= Look;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task FollowAsync()
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
            request.Headers.TryAddWithoutValidation("Last-Event-ID", _last.ToString(CultureInfo.InvariantCulture));
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal)) Take(line["data: ".Length..]);
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            // The server was killed; it is followed again when it is back.
        }
    }

    private void Take(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var seen = new SeenEvent(
            root.GetProperty("id").GetInt64(),
            root.GetProperty("type").GetString()!,
            root.GetProperty("upgradeId").GetString()!,
            root.GetProperty("subject").GetString(),
            root.GetProperty("state").GetString()!);
        _last = seen.Id;
        _seen.Enqueue(seen);
        Arrived?.Invoke(seen);
    }
}
