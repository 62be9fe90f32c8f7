using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Grafana;

/// <summary>
/// Sends what is meant for a Prometheus or an Alertmanager through Grafana's data source proxy, with Grafana's credentials.
/// The data source is looked up with the first request, and again when Grafana does not know it any more. Grafana's own
/// errors become sentences; what comes from behind it comes back as it is.
/// </summary>
/// <param name="grafana">Address of Grafana; may have a path.</param>
/// <param name="wanted">Uid or name of the data source.</param>
/// <param name="kind">What it must be.</param>
public sealed class DataSourceHandler(Uri grafana, string wanted, DataSourceKind kind) : DelegatingHandler
{
    private const string NotLoaded = "Unable to load datasource meta data";

    private readonly Uri _base = grafana.AbsoluteUri.EndsWith('/') ? grafana : new Uri($"{grafana.AbsoluteUri}/");
    private readonly SemaphoreSlim _lookingUp = new(1, 1);
    private volatile string? _path;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = _path ?? await LookUpAsync(request, cancellationToken).ConfigureAwait(false);
        var relative = _base.MakeRelativeUri(request.RequestUri!).ToString();
        request.RequestUri = new Uri(_base, path + relative);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        // A try that follows begins with the address that it was given first.
        request.RequestUri = new Uri(_base, relative);
        if (response.IsSuccessStatusCode || await MessageAsync(response, cancellationToken).ConfigureAwait(false) is not { } said) return response;
        if (response.StatusCode is HttpStatusCode.NotFound || said == NotLoaded) _path = null;
        response.Dispose();
        throw Failure(response.StatusCode, said);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _lookingUp.Dispose();
        base.Dispose(disposing);
    }

    private async Task<string> LookUpAsync(HttpRequestMessage like, CancellationToken cancellationToken)
    {
        await _lookingUp.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _path ??= await FindPathAsync(like, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _lookingUp.Release();
        }
    }

    private async Task<string> FindPathAsync(HttpRequestMessage like, CancellationToken cancellationToken)
    {
        var found = await FindAsync(like, cancellationToken).ConfigureAwait(false);
        if (found?.Type is { } type && !type.Contains(kind.Type, StringComparison.Ordinal))
            throw new DataSourceException(SourceFailureKind.Refused, $"Grafana's data source '{wanted}' is of the type {ForeignText.Line(type)}, not {kind.Type}; name another one in {kind.Key}.");

        // Before 8 the proxy knows numbers only, from 13 on uids only.
        var byUid = $"api/datasources/proxy/uid/{Uri.EscapeDataString(found?.Uid ?? wanted)}/";
        using var probe = await AskAsync(like, $"{byUid}{kind.Probe}", cancellationToken).ConfigureAwait(false);
        if (probe.IsSuccessStatusCode || await MessageAsync(probe, cancellationToken).ConfigureAwait(false) is not { } said) return byUid;
        if (said != NotLoaded) throw Failure(probe.StatusCode, said);
        var number = found?.Id ?? (await ReadAsync(like, $"api/datasources/id/{Uri.EscapeDataString(wanted)}", GrafanaJson.Default.DataSourceNumber, cancellationToken).ConfigureAwait(false))?.Id
            ?? throw Unknown("");
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"api/datasources/proxy/{number}/");
    }

    // Not everybody may read data sources; then what is written is taken for the uid.
    private async Task<FoundDataSource?> FindAsync(HttpRequestMessage like, CancellationToken cancellationToken)
    {
        foreach (var by in (string[])["uid", "name"])
        {
            using var answer = await AskAsync(like, $"api/datasources/{by}/{Uri.EscapeDataString(wanted)}", cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode) return await ParseAsync(answer, GrafanaJson.Default.FoundDataSource, cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.Forbidden) return null;
            if (answer.StatusCode == HttpStatusCode.NotFound) continue;
            throw Failure(answer.StatusCode, await MessageAsync(answer, cancellationToken).ConfigureAwait(false) ?? "");
        }

        var all = await ReadAsync(like, "api/datasources", GrafanaJson.Default.FoundDataSourceArray, cancellationToken).ConfigureAwait(false);
        var names = (all ?? []).Where(one => one.Type?.Contains(kind.Type, StringComparison.Ordinal) == true).Take(10).Select(one => $"'{ForeignText.Line(one.Name ?? "")}'").ToList();
        throw Unknown(names.Count == 0 ? "" : $"; it has {string.Join(", ", names)}");
    }

    private async Task<T?> ReadAsync<T>(HttpRequestMessage like, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var answer = await AskAsync(like, path, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccessStatusCode ? await ParseAsync(answer, type, cancellationToken).ConfigureAwait(false) : null;
    }

    private static async Task<T?> ParseAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), type);
        }
        catch (JsonException)
        {
            throw new DataSourceException(SourceFailureKind.Broken, "What answers at grafana.url is not Grafana: it knows no data sources.");
        }
    }

    // With the credentials that the request has by now.
    private Task<HttpResponseMessage> AskAsync(HttpRequestMessage like, string path, CancellationToken cancellationToken)
    {
        var asked = new HttpRequestMessage(HttpMethod.Get, new Uri(_base, path));
        foreach (var (name, values) in like.Headers) asked.Headers.TryAddWithoutValidation(name, values);
        return base.SendAsync(asked, cancellationToken);
    }

    // Prometheus names the type of its errors, Alertmanager a code. Grafana has a message; that it cannot reach them it says without a word.
    private static async Task<string?> MessageAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        if (body.Length == 0) return answer.StatusCode == HttpStatusCode.BadGateway || answer.StatusCode == HttpStatusCode.Unauthorized ? "" : null;
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && !root.TryGetProperty("errorType", out _) && !root.TryGetProperty("code", out _) && root.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                ? message.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private DataSourceException Unknown(string others) =>
        new(SourceFailureKind.Refused, $"Grafana has no data source with the uid or name '{wanted}' ({kind.Key}){others}.");

    private Exception Failure(HttpStatusCode status, string said)
    {
        var quote = said.Length == 0 ? "" : $" \"{ForeignText.Line(said.Length > 200 ? said[..200] : said)}\"";
        return status switch
        {
            // That may be over a moment later, so it is tried again like a connection that fails.
            HttpStatusCode.BadGateway => new HttpRequestException(
                HttpRequestError.ConnectionError, null, new DataSourceException(SourceFailureKind.Unreachable, $"Grafana cannot reach its data source '{wanted}' (HTTP 502): {kind.Name} does not answer it.")),
            HttpStatusCode.Unauthorized => new DataSourceException(SourceFailureKind.Unauthorized, $"Grafana does not accept the credentials for its data source '{wanted}': it answered 401{quote} (check the token or the password)."),
            HttpStatusCode.Forbidden => new DataSourceException(SourceFailureKind.Unauthorized, $"Grafana does not let these credentials ask its data source '{wanted}': it answered 403{quote} ({kind.Permission})."),
            _ => new DataSourceException(SourceFailureKind.Broken, $"Grafana could not pass a request on to its data source '{wanted}': it answered {(int)status}{quote}."),
        };
    }
}

/// <summary>What a data source must be.</summary>
/// <param name="Type">Its type in Grafana.</param>
/// <param name="Name">Name of what is behind it, for a sentence.</param>
/// <param name="Key">The key of the configuration that names it.</param>
/// <param name="Probe">What can be asked of it to see whether it is reached.</param>
/// <param name="Permission">What a token needs, for a sentence.</param>
public sealed record DataSourceKind(string Type, string Name, string Key, string Probe, string Permission)
{
    /// <summary>A Prometheus.</summary>
    public static readonly DataSourceKind Prometheus = new("prometheus", "Prometheus", "prometheus.grafanaDatasource", "api/v1/query?query=1", "the token needs the permission datasources:query");

    /// <summary>An Alertmanager. To send alerts through the proxy a token must be an administrator's, to silence an editor's.</summary>
    public static readonly DataSourceKind Alertmanager = new("alertmanager", "Alertmanager", "alertmanager.grafanaDatasource", "api/v2/status", "through the proxy alerts need the role Admin, silences the role Editor");
}
