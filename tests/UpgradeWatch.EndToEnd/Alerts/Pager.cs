using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.Alerts;

/// <summary>Where Alertmanager pages: keeps every notification.</summary>
internal sealed class Pager : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<Page> _pages = new();

    private Pager(WebApplication application) => _application = application;

    /// <summary>Where it listens, without a path: each receiver has its own.</summary>
    public string Url => _application.Urls.First();

    /// <summary>Notifications so far.</summary>
    public IReadOnlyList<Page> Pages => [.. _pages];

    public static async Task<Pager> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var pager = new Pager(application);
        application.MapPost("/{receiver}", async (string receiver, HttpRequest request) =>
        {
            using var body = await JsonDocument.ParseAsync(request.Body);
            foreach (var alert in body.RootElement.GetProperty("alerts").EnumerateArray()) pager._pages.Enqueue(new Page(receiver, alert.Clone()));
        });
        await application.StartAsync();
        return pager;
    }

    /// <summary>Waits for a page.</summary>
    public async Task<Page> WaitAsync(string alert, string status, Func<string> otherwise)
    {
        Page? found = null;
        await Readiness.UntilAsync(
            () => Task.FromResult((found = _pages.FirstOrDefault(page => page.Label("alertname") == alert && page.Status == status)) is not null),
            () => null,
            () => $"{alert} was not {status}; there were {string.Join(", ", _pages)}\n{otherwise()}",
            CancellationToken.None);
        return found!;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}

/// <summary>One alert of a notification.</summary>
internal sealed record Page(string Receiver, JsonElement Alert)
{
    public string Status => Alert.GetProperty("status").GetString()!;

    public DateTimeOffset StartsAt => Alert.GetProperty("startsAt").GetDateTimeOffset();

    public string? Label(string name) => Alert.GetProperty("labels").TryGetProperty(name, out var value) ? value.GetString() : null;

    public string Annotation(string name) => Alert.GetProperty("annotations").GetProperty(name).GetString()!;

    public override string ToString() => $"{Receiver}: {Label("alertname")} {Label("severity")} {Label("target")} {Status}";
}
