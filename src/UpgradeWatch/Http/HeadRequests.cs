namespace UpgradeWatch.Http;

/// <summary>Answers HEAD wherever GET is answered, by the same handler and with the same status and headers; the server itself leaves the body out.</summary>
internal static class HeadRequests
{
    private static readonly object Mark = new();

    /// <summary>Whether the client wants no body, although the request looks like a GET.</summary>
    public static bool Is(HttpContext context) => context.Items.ContainsKey(Mark);

    /// <summary>Lets a HEAD go on as a GET.</summary>
    public static Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Items[Mark] = Mark;
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    }

    /// <summary>Names HEAD among the methods of a route that is only known to take GET.</summary>
    public static void Allow(HttpResponse response)
    {
        var allowed = response.Headers.Allow.ToString();
        if (allowed.Split(", ").Contains(HttpMethods.Get)) response.Headers.Allow = $"{allowed}, {HttpMethods.Head}";
    }
}
