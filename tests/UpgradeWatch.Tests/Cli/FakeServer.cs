using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Cli;

/// <summary>A server that answers the requests for a verdict one after the other as a test says; the last answer stays.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    public const string Id = "01KQVF00000000000000000000";

    private readonly WebApplication _app;
    private readonly Queue<(int Status, string Body)> _verdicts;

    private FakeServer(WebApplication app, string url, IEnumerable<(int, string)> verdicts)
    {
        (_app, Url, _verdicts) = (app, url, new(verdicts));
        app.Run(AnswerAsync);
    }

    public string Url { get; }

    /// <summary>What was asked, with the bearer token.</summary>
    public List<string> Asked { get; } = [];

    public static async Task<FakeServer> StartAsync(params (int Status, string Body)[] verdicts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        builder.WebHost.UseSetting("urls", url);
        var server = new FakeServer(builder.Build(), url, verdicts);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A verdict as the API writes it.</summary>
    public static (int, string) Verdict(string status, bool final, string phase = "post-upgrade") => (200, $$"""
        {"upgradeId":"{{Id}}","target":"checkout","fromVersion":null,"toVersion":"2","item":"monitor-metrics","status":"{{status}}","code":"none",
         "flagged":false,"final":{{(final ? "true" : "false")}},"phase":"{{phase}}","summary":"Said {{status}}.","evaluatedAt":null,"observedFrom":null,
         "observedUntil":null,"windowEndsAt":null,"findings":[],"leftOut":[],"instance":{},"links":{"dashboard":null,"report":"/r"} }
        """);

    public static (int, string) Problem(int status, string detail) => (status, $$"""{"type":"about:blank","title":"x","status":{{status}},"detail":"{{detail}}" }""");

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        lock (Asked) Asked.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers.Authorization}".Trim());
        var (status, body) = context.Request.Path.Value!.EndsWith("/verdict", StringComparison.Ordinal) ? NextVerdict() : (200, Upgrade);
        context.Response.StatusCode = status;
        context.Response.ContentType = status == 200 ? "application/json" : "application/problem+json";
        context.Response.Headers.ETag = $"\"{Asked.Count}\"";
        await context.Response.WriteAsync(body);
    }

    private (int, string) NextVerdict()
    {
        lock (_verdicts) return _verdicts.Count > 1 ? _verdicts.Dequeue() : _verdicts.Peek();
    }

    private static string Upgrade => $$"""
        {"id":"{{Id}}","revision":1,"target":"checkout","fromVersion":null,"toVersion":"2","phase":"post-upgrade","open":true,"allowedMoves":[],"owner":null,
         "plannedDowntime":null,"links":{},"createdAt":"2026-05-04T12:00:00Z","upgradedAt":null,
         "history":[{"phase":"post-upgrade","at":"2026-05-04T12:00:00Z","recordedAt":"2026-05-04T12:00:00Z","reason":null,"by":null,"openItems":[],"forced":false}],
         "baselineWindow":null,"historyWindow":null,"leftOut":[],"leftOutTrouble":null,"observationWindow":null,"observationWindowSeconds":3600,"evaluatedAt":null,"acknowledgements":[],"timeToDetectSeconds":null,"timeToRestoreSeconds":null,"restored":[],
         "checklist":[],"changes":[],"verdict":{{Verdict("pending", false).Item2}},"instance":{},"warnings":[]}
        """;
}
