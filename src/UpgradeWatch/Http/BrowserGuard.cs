namespace UpgradeWatch.Http;

/// <summary>
/// Keeps web pages of others away from the API: a foreign name that was pointed at this address (DNS rebinding) is
/// refused by its Host header, a foreign page's changing request by its Origin header.
/// </summary>
/// <param name="next">What comes after it.</param>
/// <param name="hosts">Names without port that may be asked for.</param>
internal sealed class BrowserGuard(RequestDelegate next, AllowedHosts hosts)
{
    /// <summary>Handles one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        if (!hosts.Contain(request.Host.Host))
        {
            return Problems.WriteAsync(context, Problems.Of(
                StatusCodes.Status421MisdirectedRequest,
                $"host '{Shown.Short(request.Host.Host)}' is not one this server answers for; allowed by auth.allowedHosts: {hosts}"));
        }

        if (Changes(request.Method) && !IsSameOrigin(request))
        {
            return Problems.WriteAsync(context, Problems.Of(
                StatusCodes.Status403Forbidden, $"changes from a page of another origin ('{Shown.Short(request.Headers.Origin.ToString())}') are refused"));
        }

        return next(context);
    }

    private static bool Changes(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    private static bool IsSameOrigin(HttpRequest request)
    {
        // What a browser says by itself about who made it send this; others do not say it.
        if (request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none")) return false;
        if (request.Headers.Origin.Count == 0) return true;
        return request.Headers.Origin.Count == 1
            && string.Equals(request.Headers.Origin[0], $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
    }
}
