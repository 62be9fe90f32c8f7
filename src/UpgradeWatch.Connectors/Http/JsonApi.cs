using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace UpgradeWatch.Connectors.Http;

/// <summary>Asks an outside system that speaks JSON; whatever happens is an answer.</summary>
/// <param name="client">
/// Carries the base address (ending with a slash), the credentials and the time-out. It must not repeat a POST by
/// itself: one that seemed to fail may have been stored.
/// </param>
/// <param name="system">Its name at the beginning of a sentence.</param>
/// <param name="hint">What to do about a status, in brackets and after a blank; empty for nothing.</param>
/// <param name="isOneOfSeveral">Whether there may be others of its kind, so that its address is named each time.</param>
internal sealed class JsonApi(HttpClient client, string system, Func<HttpStatusCode, string> hint, bool isOneOfSeveral = false)
{
    private const int MostBytes = 8 * 1024 * 1024;

    /// <summary>What it is called in a sentence.</summary>
    public string Name => isOneOfSeveral ? EndpointFailure.Place(system, client.BaseAddress) : system;

    public Task<ApiAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    public Task<ApiAnswer> SendAsync<T>(HttpMethod method, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(new HttpRequestMessage(method, path) { Content = content }, cancellationToken);
    }

    private async Task<ApiAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                await response.Content.LoadIntoBufferAsync(MostBytes, cancellationToken).ConfigureAwait(false);
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                return Answer(response.StatusCode, body, RetryAfter(response.Headers), null) with { Date = response.Headers.Date };
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return Answer(null, [], null, $"{EndpointFailure.Place(system, client.BaseAddress)} did not answer in time.");
            }
            catch (Exception error) when (EndpointFailure.FromException(system, client.BaseAddress, error) is { } failure)
            {
                return Answer(null, [], null, failure.Message);
            }
        }
    }

    private ApiAnswer Answer(HttpStatusCode? status, byte[] body, TimeSpan? retryAfter, string? trouble) =>
        new(status, body, retryAfter, trouble) { Name = Name, Hint = hint };

    /// <summary>A date is counted from the server's own clock.</summary>
    private static TimeSpan? RetryAfter(HttpResponseHeaders headers) =>
        headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date is { } until && headers.Date is { } now ? until - now : null);
}
