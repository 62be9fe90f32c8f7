using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UpgradeWatch.EndToEnd.Outages;

/// <summary>Stands before a server and hands everything on, or does something wrong instead.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    /// <summary>What it can do wrong, by name.</summary>
    public static readonly IReadOnlyDictionary<string, RequestDelegate> Faults = new Dictionary<string, RequestDelegate>
    {
        ["resets"] = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        },
        ["sends half"] = async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("""{"status":"success","data":{"resultType":"matrix","res""");
            await context.Response.Body.FlushAsync();
            context.Abort();
        },
        ["sends garbage"] = context => AnswerAsync(context, 200, "\u0000}{]["),
        ["warns"] = context => AnswerAsync(context, 200, """{"status":"success","warnings":["a store did not answer"],"data":{"resultType":"matrix","result":[]}}"""),
        ["fails"] = context => AnswerAsync(context, 500, ""),
        ["asks for less"] = context =>
        {
            context.Response.Headers.RetryAfter = "11";
            return AnswerAsync(context, 429, "");
        },
        ["redirects"] = context =>
        {
            context.Response.Redirect("http://localhost:1/elsewhere");
            return Task.CompletedTask;
        },
        ["hangs"] = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted),
        ["answers byte by byte"] = async context =>
        {
            context.Response.ContentType = "application/json";
            while (true)
            {
                await context.Response.WriteAsync(" ", context.RequestAborted);
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, context.RequestAborted);
            }
        },
    };

    private readonly WebApplication _application;
    private readonly HttpClient _behind;

    private FaultyProxy(WebApplication application, Uri behind) => (_application, _behind) = (application, new HttpClient { BaseAddress = behind });

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_application.Urls.First());

    /// <summary>What it does wrong; null for nothing.</summary>
    public RequestDelegate? Fault { get; set; }

    public static async Task<FaultyProxy> StartAsync(Uri behind)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var proxy = new FaultyProxy(builder.Build(), behind);
        proxy._application.Run(context => (proxy.Fault ?? proxy.HandOnAsync)(context));
        await proxy._application.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _behind.Dispose();
    }

    private static Task AnswerAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }

    private async Task HandOnAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), string.Create(CultureInfo.InvariantCulture, $"{context.Request.Path}{context.Request.QueryString}"));
        if (context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        using var answer = await _behind.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
