using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Connectors.Grafana;

/// <summary>Asks Grafana; whatever happens is an answer.</summary>
/// <param name="client">
/// Carries the base address (ending with a slash), the credentials and the time-out. It must not repeat a POST by
/// itself: one that seemed to fail may have been stored.
/// </param>
internal sealed class GrafanaApi(HttpClient client)
{
    private const int MostBytes = 8 * 1024 * 1024;

    public Task<GrafanaAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    public Task<GrafanaAnswer> SendAsync<T>(HttpMethod method, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(new HttpRequestMessage(method, path) { Content = content }, cancellationToken);
    }

    private async Task<GrafanaAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                await response.Content.LoadIntoBufferAsync(MostBytes, cancellationToken).ConfigureAwait(false);
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                return new GrafanaAnswer(response.StatusCode, body, RetryAfter(response.Headers), null);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new GrafanaAnswer(null, [], null, $"{EndpointFailure.Place("Grafana", client.BaseAddress)} did not answer in time.");
            }
            catch (Exception error) when (EndpointFailure.FromException("Grafana", client.BaseAddress, error) is { } failure)
            {
                return new GrafanaAnswer(null, [], null, failure.Message);
            }
        }
    }

    /// <summary>A date is counted from the server's own clock.</summary>
    private static TimeSpan? RetryAfter(HttpResponseHeaders headers) =>
        headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date is { } until && headers.Date is { } now ? until - now : null);
}
