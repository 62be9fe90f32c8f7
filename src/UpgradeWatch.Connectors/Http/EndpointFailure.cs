using System.Net.Sockets;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Http;

/// <summary>Turns trouble with an endpoint into a sentence for people.</summary>
internal static class EndpointFailure
{
    /// <summary>The failure behind an exception of the endpoint's client; null when it is none of its kind and must not be caught.</summary>
    /// <param name="system">Name of the outside system at the beginning of a sentence, for instance <c>Prometheus</c>.</param>
    /// <param name="url">Its address; user, path and query are not shown.</param>
    /// <param name="exception">What was thrown.</param>
    public static SourceFailure? FromException(string system, Uri? url, Exception exception)
    {
        var place = Place(system, url);
        return exception switch
        {
            CredentialException => new(SourceFailureKind.Unauthorized, $"{place} was not asked: {exception.Message}"),
            DataSourceException asked => new(asked.Kind, asked.Message),
            HttpRequestException { InnerException: DataSourceException asked } => new(asked.Kind, asked.Message),
            HttpRequestException { InnerException: CredentialException inner } =>
                new(SourceFailureKind.Unauthorized, $"{place} was not asked: {inner.Message}"),
            TimeoutRejectedException timeout => new(SourceFailureKind.Timeout, $"{place} did not answer within {timeout.Timeout.TotalSeconds:0} s."),
            BrokenCircuitException => new(SourceFailureKind.Throttled, $"{place} failed again and again and is left alone for some seconds."),
            LeftAloneException alone => new(SourceFailureKind.Throttled, $"{place} {alone.Message}."),
            RateLimiterRejectedException => new(SourceFailureKind.Throttled, $"{place} was not asked: too many requests are waiting for it."),
            HttpRequestException http => FromHttp(place, http),
            InvalidDataException => new(SourceFailureKind.Broken, $"{place} sent a body that cannot be unpacked."),
            _ => null,
        };
    }

    /// <summary>The failure that a status stands for; null for success.</summary>
    /// <param name="system">Name of the outside system.</param>
    /// <param name="response">The response with its request.</param>
    public static SourceFailure? FromStatus(string system, HttpResponseMessage response)
    {
        var place = Place(system, response.RequestMessage?.RequestUri);
        var status = (int)response.StatusCode;
        return status switch
        {
            < 300 => null,
            < 400 => new(SourceFailureKind.Broken, $"{place} redirects (HTTP {status}){Towards(response)}; redirects are not followed: configure the final address."),
            401 => new(SourceFailureKind.Unauthorized, $"{place} does not accept the credentials (HTTP 401)."),
            403 => new(SourceFailureKind.Unauthorized, $"{place} does not allow this with these credentials (HTTP 403)."),
            404 => new(SourceFailureKind.Broken, $"{place} does not know the path {response.RequestMessage?.RequestUri?.AbsolutePath} (HTTP 404): is the path of the configured url right?"),
            408 or 504 => new(SourceFailureKind.Timeout, $"{place} ran out of time (HTTP {status})."),
            429 => new(SourceFailureKind.Throttled, $"{place} asks to be asked less (HTTP 429)."),
            < 500 => new(SourceFailureKind.Refused, $"{place} refused the request (HTTP {status})."),
            _ => new(SourceFailureKind.Broken, $"{place} failed (HTTP {status})."),
        };
    }

    /// <summary>Who and where, for a sentence.</summary>
    public static string Place(string system, Uri? url) => url is null ? system : $"{system} at {url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}";

    private static SourceFailure FromHttp(string place, HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new(SourceFailureKind.Unreachable, $"{place} cannot be reached: the name is not known."),
        HttpRequestError.ConnectionError => new(SourceFailureKind.Unreachable, $"{place} cannot be reached: {Cause(exception)}."),
        HttpRequestError.SecureConnectionError => new(SourceFailureKind.Unreachable, $"{place} cannot be reached: TLS failed ({Cause(exception)}); see caFile, certFile and keyFile."),
        HttpRequestError.ConfigurationLimitExceeded => new(SourceFailureKind.Broken, $"{place} sent more than {BoundedBodyHandler.DefaultLimit / 1024 / 1024} MiB, which is not read."),
        HttpRequestError.ResponseEnded => new(SourceFailureKind.Broken, $"{place} broke off in the middle of an answer."),
        HttpRequestError.InvalidResponse => new(SourceFailureKind.Broken, $"{place} does not speak HTTP."),
        _ => new(SourceFailureKind.Unreachable, $"{place} cannot be reached: {Cause(exception)}."),
    };

    private static string Cause(HttpRequestException exception)
    {
        var innermost = exception.GetBaseException();
        return innermost is SocketException socket
            ? socket.SocketErrorCode == SocketError.ConnectionRefused ? "the connection is refused" : socket.Message
            : innermost.Message.TrimEnd('.');
    }

    private static string Towards(HttpResponseMessage response) => response.Headers.Location is { IsAbsoluteUri: true } location
        ? $" to {location.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}"
        : "";
}
