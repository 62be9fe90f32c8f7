using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Kubernetes.Api;

/// <summary>
/// Lists and watches objects (https://kubernetes.io/docs/reference/using-api/api-concepts/). Each request stands alone;
/// whoever calls it repeats it.
/// </summary>
internal sealed class KubernetesApi(KubernetesOptions options, TimeProvider time) : IDisposable
{
    private const int PageSize = 250;
    private const int LargestPage = 128 * 1024 * 1024;
    private const int LongestLine = 16 * 1024 * 1024;
    private const int QuotedCharacters = 300;

    // The server ends a watch after this long, so that one that has silently died does not stay for ever.
    private static readonly TimeSpan WatchFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    // Its clock is told to the second, and an answer takes its time.
    private static readonly TimeSpan SkewSlack = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private ClusterAccess? _access;

    /// <summary>How much is added to a time of the API's clock to have this one's; zero while they agree to some seconds.</summary>
    public TimeSpan Skew { get; private set; }

    /// <summary>Lists everything under a path, page by page.</summary>
    /// <returns>The version of the list, from which it can be watched.</returns>
    /// <exception cref="KubernetesException">It could not be listed; 410 when it changed too much between two pages.</exception>
    public async Task<string> ListAsync(string path, string query, Action<WireObject> found, Action<string> unreadable, CancellationToken cancellationToken)
    {
        string? next = null;
        string? version = null;
        do
        {
            using var enough = Within(AnswerWithin, cancellationToken);
            var more = next is null ? "" : $"&continue={Uri.EscapeDataString(next)}";
            using var response = await SendAsync($"{path}?limit={PageSize}{query}{more}", enough.Token, cancellationToken).ConfigureAwait(false);
            var body = await BodyAsync(response, enough.Token, cancellationToken).ConfigureAwait(false);
            if (ObjectPage.Read(body, found, unreadable) is not { } page) throw new KubernetesException($"{Place} did not answer with a list for {path}.");
            version ??= page.ResourceVersion;
            next = string.IsNullOrEmpty(page.Continue) ? null : page.Continue;
        }
        while (next is not null);

        return version ?? "";
    }

    /// <summary>Watches from a version on, until the server ends it; tells when the server has agreed to that.</summary>
    /// <exception cref="KubernetesException">It could not be watched, or broke off; 410 when the version is too old.</exception>
    public async IAsyncEnumerable<WireEvent> WatchAsync(string path, string query, string version, Action accepted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var enough = Within(WatchFor + AnswerWithin, cancellationToken);
        var seconds = ((int)WatchFor.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var address = $"{path}?watch=true&allowWatchBookmarks=true&timeoutSeconds={seconds}&resourceVersion={Uri.EscapeDataString(version)}{query}";
        using var response = await SendAsync(address, enough.Token, cancellationToken).ConfigureAwait(false);
        accepted();
        var pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(enough.Token).ConfigureAwait(false));
        try
        {
            while (await NextAsync(pipe, path, enough.Token, cancellationToken).ConfigureAwait(false) is { } line) yield return line;
        }
        finally
        {
            await pipe.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _access?.Dispose();

    private string Place
    {
        get
        {
            lock (_gate) return EndpointFailure.Place("Kubernetes", _access?.Server);
        }
    }

    private async Task<WireEvent?> NextAsync(PipeReader pipe, string path, CancellationToken token, CancellationToken asked)
    {
        while (true)
        {
            var read = await TryAsync(() => pipe.ReadAsync(token).AsTask(), asked).ConfigureAwait(false);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Parse(buffer.Slice(0, end), path);
                pipe.AdvanceTo(buffer.GetPosition(1, end));
                return line;
            }

            if (buffer.Length > LongestLine) throw new KubernetesException($"{Place} sent an event of more than {LongestLine / 1024 / 1024} MiB for {path}.");
            var isEnd = read.IsCompleted;
            var isHalf = !buffer.IsEmpty;
            pipe.AdvanceTo(buffer.Start, buffer.End);
            if (isEnd && isHalf) throw new KubernetesException($"{Place} broke off in the middle of an event for {path}.");
            if (isEnd) return null;
        }
    }

    private WireEvent Parse(ReadOnlySequence<byte> line, string path)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (JsonSerializer.Deserialize(ref reader, WireJson.Default.WireEvent) is { Type: not null } read) return read;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new KubernetesException($"{Place} sent something else than an event for {path}.");
    }

    private async Task<HttpResponseMessage> SendAsync(string address, CancellationToken token, CancellationToken asked)
    {
        var access = Access();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = await access.AuthorizationAsync(token).ConfigureAwait(false);
        request.Headers.UserAgent.ParseAdd("upgradewatch");
        var response = await TryAsync(() => access.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), asked).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            NoteClock(response.Headers.Date);
            return response;
        }

        using (response)
        {
            // A token that has run out: what is in its file is tried next.
            if (response.StatusCode == HttpStatusCode.Unauthorized) Forget(access);
            var said = Said(await BodyAsync(response, token, asked).ConfigureAwait(false));
            var hint = Hint(response.StatusCode);
            throw new KubernetesException($"{Place} answered {(int)response.StatusCode}{said}{hint}.", response.StatusCode, LeaveAloneHandler.AskedBy(response));
        }
    }

    private async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken token, CancellationToken asked) => await TryAsync(
        async () =>
        {
            await response.Content.LoadIntoBufferAsync(LargestPage, token).ConfigureAwait(false);
            return await response.Content.ReadAsByteArrayAsync(token).ConfigureAwait(false);
        },
        asked).ConfigureAwait(false);

    private async Task<T> TryAsync<T>(Func<Task<T>> send, CancellationToken asked)
    {
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!asked.IsCancellationRequested)
        {
            throw new KubernetesException($"{Place} did not answer in time.", inner: error);
        }
        catch (HttpRequestException error)
        {
            // Certificates are changed now and then too.
            if (error.HttpRequestError == HttpRequestError.SecureConnectionError) Forget(null);
            throw new KubernetesException(EndpointFailure.FromException("Kubernetes", Server(), error)?.Message ?? error.Message, inner: error);
        }
        catch (IOException error)
        {
            throw new KubernetesException($"{Place} broke off the connection.", inner: error);
        }
    }

    private Uri? Server()
    {
        lock (_gate) return _access?.Server;
    }

    private ClusterAccess Access()
    {
        lock (_gate) return _access ??= ClusterAccess.Load(options);
    }

    // Not disposed of: others may be in the middle of a watch with it. Its connections close when they are idle.
    private void Forget(ClusterAccess? access)
    {
        lock (_gate)
        {
            if (access is null || ReferenceEquals(_access, access)) _access = null;
        }
    }

    private void NoteClock(DateTimeOffset? told)
    {
        if (told is not { } there) return;
        var skew = time.GetUtcNow() - there;
        Skew = skew.Duration() > SkewSlack ? skew : TimeSpan.Zero;
    }

    private Limit Within(TimeSpan limit, CancellationToken asked) => new(limit, time, asked);

    private static string Said(byte[] body)
    {
        try
        {
            var said = JsonSerializer.Deserialize(body, WireJson.Default.WireFailure)?.Message;
            if (string.IsNullOrEmpty(said)) return "";
            return $" \"{ForeignText.Line(said.Length > QuotedCharacters ? $"{said[..QuotedCharacters]}…" : said)}\"";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static string Hint(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => " (the token is not accepted, or has run out)",
        HttpStatusCode.Forbidden => " (the service account lacks the right; the chart's Role has what is needed)",
        _ => "",
    };

    /// <summary>Ends with whoever asked, or when it has taken too long.</summary>
    private sealed class Limit : IDisposable
    {
        private readonly CancellationTokenSource _timer;
        private readonly CancellationTokenSource _both;

        public Limit(TimeSpan limit, TimeProvider time, CancellationToken asked)
        {
            _timer = new CancellationTokenSource(limit, time);
            _both = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, asked);
        }

        public CancellationToken Token => _both.Token;

        public void Dispose()
        {
            _both.Dispose();
            _timer.Dispose();
        }
    }
}
