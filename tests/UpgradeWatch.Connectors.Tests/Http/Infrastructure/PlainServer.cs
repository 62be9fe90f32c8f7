using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UpgradeWatch.Connectors.Tests.Http.Infrastructure;

/// <summary>A server on the loopback address: <c>/redirect</c> points to another host, <c>/packed</c> is a small body that unpacks to a large one.</summary>
internal sealed class PlainServer : IAsyncDisposable
{
    public const int PackedLength = 200_000;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _paths = new();

    private PlainServer(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    /// <summary>Paths that were asked for.</summary>
    public IEnumerable<string> Paths => _paths;

    /// <summary>The ways to pack that were offered with the last question.</summary>
    public string Offered { get; private set; } = "";

    public static async Task<PlainServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new PlainServer(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        _paths.Enqueue(context.Request.Path);
        Offered = context.Request.Headers.AcceptEncoding.ToString();
        if (context.Request.Path == "/redirect")
        {
            context.Response.Redirect($"http://localhost:{Url.Port}/elsewhere");
            return;
        }

        context.Response.Headers.ContentEncoding = "gzip";
        await using var packed = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
        await packed.WriteAsync(new byte[PackedLength].AsMemory());
    }
}
