namespace UpgradeWatch.Connectors.Http;

/// <summary>
/// Reads the whole body, unpacked, before it hands the response on. So the body is inside the time limits and retries
/// of the try that it belongs to, and one that is too large is dropped.
/// </summary>
internal sealed class BoundedBodyHandler(long limit) : DelegatingHandler
{
    /// <summary>Largest body in bytes.</summary>
    public const long DefaultLimit = 64 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(limit, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
