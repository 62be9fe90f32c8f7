using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UpgradeWatch.Tests.Workers;

/// <summary>A server that answers everything alike.</summary>
internal sealed class BrokenServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private BrokenServer(WebApplication application) => _application = application;

    /// <summary>Where it listens.</summary>
    public string Url => _application.Urls.First();

    /// <param name="status">What everything gets.</param>
    /// <param name="body">The body.</param>
    /// <param name="read">What a GET gets with 200 instead; null for the same.</param>
    public static async Task<BrokenServer> StartAsync(int status, string body, string? read = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.MapFallback((HttpRequest request) => read is not null && request.Method == "GET" ? Results.Text(read) : Results.Text(body, statusCode: status));
        await application.StartAsync();
        return new BrokenServer(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
