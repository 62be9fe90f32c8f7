using System.Globalization;
using System.Net;
using System.Net.Sockets;
using UpgradeWatch.Connectors.Scrape.Exposition;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Scrape.Fetching;

/// <summary>Asks a target for its metrics, once and without a second try: the next scrape is that.</summary>
internal sealed class ScrapeFetcher(HttpClient client, TimeProvider time, ExpositionLimits limits)
{
    private const string Accept = "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    /// <summary>Asks. Trouble is an answer, not an exception.</summary>
    /// <param name="target">Name of the target.</param>
    /// <param name="url">Where its metrics are.</param>
    /// <param name="timeout">How long the whole answer may take.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>.</param>
    public async Task<FetchedBody> FetchAsync(string target, Uri url, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var place = $"Target {target} at {url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)}";
        using var expiry = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expiry.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("Accept", Accept);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
            request.Headers.TryAddWithoutValidation("X-Prometheus-Scrape-Timeout-Seconds", timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture));
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return FromStatus(place, response.StatusCode) ?? await BodyReader.ReadAsync(place, response, limits, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return FetchedBody.Down(SourceFailureKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"{place} did not answer within {timeout.TotalSeconds:0.##} s."));
        }
        catch (HttpRequestException exception)
        {
            return FetchedBody.Down(SourceFailureKind.Unreachable, $"{place} cannot be reached: {Cause(exception)}.");
        }
        catch (InvalidDataException)
        {
            return FetchedBody.Refused(SourceFailureKind.Broken, $"{place} sent a gzip body that cannot be unpacked.");
        }
        catch (IOException)
        {
            return FetchedBody.Down(SourceFailureKind.Unreachable, $"{place} broke off in the middle of its answer.");
        }
    }

    private static FetchedBody? FromStatus(string place, HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => null,
        < 400 => FetchedBody.Refused(SourceFailureKind.Broken, $"{place} redirects (HTTP {(int)status}), which is not followed: configure the final address."),
        401 or 403 => FetchedBody.Refused(SourceFailureKind.Unauthorized, $"{place} does not let its metrics be read without credentials (HTTP {(int)status})."),
        404 => FetchedBody.Refused(SourceFailureKind.Refused, $"{place} does not exist there (HTTP 404): is the path of scrape.url right?"),
        429 => FetchedBody.Refused(SourceFailureKind.Throttled, $"{place} asks to be asked less (HTTP 429)."),
        < 500 => FetchedBody.Refused(SourceFailureKind.Refused, $"{place} refused the request (HTTP {(int)status})."),
        _ => FetchedBody.Down(SourceFailureKind.Unreachable, $"{place} failed (HTTP {(int)status})."),
    };

    private static string Cause(HttpRequestException exception) => exception.GetBaseException() switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "the connection is refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound } => "the name is not known",
        var innermost => innermost.Message.TrimEnd('.'),
    };
}
