using Microsoft.AspNetCore.Connections;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Http;

/// <summary>Gives every error a problem document: what was thrown, and what the server refused without a word (404, 405).</summary>
internal sealed partial class TroubleMiddleware(RequestDelegate next, ILogger<TroubleMiddleware> logger)
{
    /// <summary>Handles one request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception trouble) when (trouble is ConnectionResetException or ConnectionAbortedException)
        {
            // Whoever sent it went away in the middle of it: there is nobody to answer, and nothing to tell.
            context.Abort();
            return;
        }
        catch (IOException trouble) when (trouble.InnerException is OverflowException && !context.Response.HasStarted)
        {
            // The one mistake in a chunked body that the server does not tell as a bad request. What follows cannot be read.
            context.Response.Headers.Connection = "close";
            await Problems.WriteAsync(context, Problems.Of(StatusCodes.Status400BadRequest, "the body has a chunk of a size that is none"));
        }
        catch (BadHttpRequestException trouble) when (!context.Response.HasStarted)
        {
            await Problems.WriteAsync(context, Problems.Of(trouble.StatusCode, Sentence(trouble)));
        }
        catch (StoreException trouble) when (!context.Response.HasStarted)
        {
            await Problems.WriteAsync(context, Problems.Of(trouble));
        }
        catch (Exception trouble) when (!context.Response.HasStarted)
        {
            Log.Unexpected(logger, trouble, context.Request.Method, Shown.Short(context.Request.Path));
            await Problems.WriteAsync(context, Problems.Of(StatusCodes.Status500InternalServerError, "an error of UpgradeWatch itself; its log says more"));
        }

        if (!context.Response.HasStarted && context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed) HeadRequests.Allow(context.Response);
        if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentType: null, ContentLength: null })
        {
            await Problems.WriteAsync(context, Problems.Of(context.Response.StatusCode, Sentence(context)));
        }
    }

    private static string Sentence(BadHttpRequestException trouble) => trouble.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => "the body is larger than 1 MiB (1048576 bytes), the most that is taken",
        _ => trouble.Message,
    };

    private static string Sentence(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"there is nothing at '{Shown.Short(context.Request.Path)}'; the API is described at /openapi/v1.json",
        StatusCodes.Status405MethodNotAllowed => $"{Shown.Short(context.Request.Method)} is not possible here; allowed: {context.Response.Headers.Allow}",
        StatusCodes.Status415UnsupportedMediaType => RequestBody.NotJsonType(context.Request),
        var status => $"refused with status {status}",
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Unexpected error answering {Method} {Path}")]
        public static partial void Unexpected(ILogger logger, Exception exception, string method, string path);
    }
}
