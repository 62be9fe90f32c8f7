namespace UpgradeWatch.Http;

/// <summary>
/// Keeps the description of the API once it has been written: it is the same for everybody, and costs a hundred times
/// what any other answer does, so that one reader could keep the processor busy with it.
/// </summary>
/// <param name="write">Writes it.</param>
internal sealed class DescribedOnce(RequestDelegate write)
{
    private const string Name = "v1";

    private byte[]? _written;
    private string? _type;

    /// <summary>Puts it before a route that writes the description.</summary>
    public static void Keep(EndpointBuilder route)
    {
        if (route.RequestDelegate is { } write) route.RequestDelegate = new DescribedOnce(write).AnswerAsync;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // There is one; what else is asked for is answered with 404.
        if (context.GetRouteValue("documentName") as string != Name)
        {
            await write(context);
            return;
        }

        var written = _written ?? await WriteAsync(context);
        context.Response.ContentType = _type;
        await context.Response.Body.WriteAsync(written, context.RequestAborted);
    }

    private async Task<byte[]> WriteAsync(HttpContext context)
    {
        var answer = context.Response.Body;
        using var kept = new MemoryStream();
        context.Response.Body = kept;
        try
        {
            await write(context);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        finally
        {
            context.Response.Body = answer;
        }

        _type = context.Response.ContentType;
        return _written = kept.ToArray();
    }
}
