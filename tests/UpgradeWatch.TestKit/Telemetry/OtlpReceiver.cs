using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace UpgradeWatch.TestKit.Telemetry;

/// <summary>Takes what is exported by OTLP over HTTP and keeps the bodies by path.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<byte[]>> _first = new();

    private OtlpReceiver(WebApplication app)
    {
        _app = app;
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            First(context.Request.Path).TrySetResult(body.ToArray());
            context.Response.ContentType = "application/x-protobuf";
        });
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The paths at which something came in.</summary>
    public IReadOnlyList<string> Paths => [.. _first.Where(one => one.Value.Task.IsCompletedSuccessfully).Select(one => one.Key)];

    /// <summary>Starts one on a free port of the loopback.</summary>
    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The first body that came in at a path, as Latin text: the names in a protobuf message stand in it as they are.</summary>
    public async Task<string> FirstAsync(string path) => System.Text.Encoding.Latin1.GetString(await First(path).Task);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private TaskCompletionSource<byte[]> First(string path) => _first.GetOrAdd(path, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
