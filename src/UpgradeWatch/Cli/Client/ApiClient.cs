using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Client;

/// <summary>Talks to a running server. Every trouble is an <see cref="ApiException"/> with a sentence and an exit code.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly Uri _server;
    private readonly string? _tokenFile;

    /// <summary>Makes a client; nothing is asked yet.</summary>
    /// <param name="server">Address of the server; may have a path.</param>
    /// <param name="tokenFile">File with the bearer token, read for each request; null for none.</param>
    public ApiClient(Uri server, string? tokenFile)
    {
        _server = server;
        _tokenFile = tokenFile;
        // No proxy of the environment and no redirect: the token goes to the address that was given and nowhere else.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        _http = new HttpClient(handler) { BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/"), Timeout = Longest };
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/json, application/problem+json");
    }

    /// <summary>Reads a document.</summary>
    public Task<T> GetAsync<T>(string route, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => SendAsync(new HttpRequestMessage(HttpMethod.Get, route), type, cancellationToken);

    /// <summary>Takes something away and reads the answer.</summary>
    public Task<T> DeleteAsync<T>(string route, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => SendAsync(new HttpRequestMessage(HttpMethod.Delete, route), type, cancellationToken);

    /// <summary>Sends a document and reads the answer.</summary>
    public Task<TAnswer> SendAsync<TBody, TAnswer>(HttpMethod method, string route, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken)
        where TAnswer : class
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(new HttpRequestMessage(method, route) { Content = content }, type, cancellationToken);
    }

    /// <summary>Reads the verdict; with a tag of an earlier one it waits up to 30 s for another, and the answer is null when there is none.</summary>
    public async Task<(VerdictDocument? Verdict, string? Tag)> VerdictAsync(string id, string? tag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ApiRoutes.Verdict(id) + (tag is null ? "" : "?wait=30"));
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        using var response = await AskAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotModified) return (null, tag);
        return (await ReadAsync(response, ApiJson.Default.VerdictDocument, cancellationToken), response.Headers.ETag?.ToString());
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using (request)
        using (var response = await AskAsync(request, cancellationToken))
        {
            return await ReadAsync(response, type, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            if (_tokenFile is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(_tokenFile, cancellationToken)).Trim());
            }

            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new ApiException(ExitCodes.Unreachable, $"cannot reach {_server}: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ApiException(ExitCodes.Unreachable, $"{_server} did not answer within {Longest.TotalSeconds} s");
        }
        catch (FormatException)
        {
            // Its message would show the token.
            throw new ApiException(ExitCodes.Usage, $"{_tokenFile} does not hold a token alone");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ApiException(ExitCodes.Usage, $"the token in {_tokenFile} cannot be used: {exception.Message}");
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode) throw Refusal(response.StatusCode, body);
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new ApiException(ExitCodes.Unreachable, $"what answers at {_server} is not UpgradeWatch, or of another version; check --server ({exception.Message.ReplaceLineEndings(" ")})");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new ApiException(ExitCodes.Unreachable, $"{_server} broke off its answer: {exception.Message}");
        }
    }

    private ApiException Refusal(HttpStatusCode status, byte[] body)
    {
        var code = (int)status;
        var exitCode = code switch
        {
            400 or 422 => ExitCodes.Usage,
            >= 400 and < 500 => ExitCodes.Refused,
            _ => ExitCodes.Unreachable,
        };
        var detail = DetailOf(body) ?? (status == HttpStatusCode.NotFound
            ? $"nothing is at this address; check --server"
            : $"the answer was {code} {status}");
        return new ApiException(exitCode, exitCode == ExitCodes.Usage ? detail : $"{_server} refused ({code}): {detail}");
    }

    private static string? DetailOf(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ApiJson.Default.Problem)?.Detail is { } detail ? ForeignText.Line(detail) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
