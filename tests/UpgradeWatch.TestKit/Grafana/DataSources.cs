using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace UpgradeWatch.TestKit.Grafana;

/// <summary>A data source.</summary>
internal sealed record DataSource(long Id, string Uid, string Name, string Type, Uri Url);

/// <summary>Data sources, and the proxy that passes requests on to them.</summary>
internal sealed class DataSources
{
    private static readonly string[] PostPaths = ["query", "query_range", "series", "labels"];
    private static readonly HttpClient Client = new();

    private readonly List<DataSource> _all = [];

    public IReadOnlyList<DataSource> All => _all;

    /// <summary>What stands for the Alertmanager within Grafana; null for none, as in 7.5.</summary>
    public Uri? Alertmanager { get; set; }

    public static JsonObject Write(DataSource source) => new()
    {
        ["id"] = source.Id,
        ["uid"] = source.Uid,
        ["orgId"] = 1,
        ["name"] = source.Name,
        ["type"] = source.Type,
        ["access"] = "proxy",
        ["url"] = source.Url.ToString(),
        ["readOnly"] = false,
    };

    public void Add(string uid, string name, string type, Uri url) => _all.Add(new DataSource(_all.Count + 1, uid, name, type, url));

    public void Renumber()
    {
        for (var i = 0; i < _all.Count; i++) _all[i] = _all[i] with { Id = _all[i].Id + 100 };
    }

    public DataSource? ByUid(string uid) => _all.Find(source => source.Uid == uid);

    public DataSource? ByName(string name) => _all.Find(source => source.Name == name);

    public DataSource? ById(string id) => _all.Find(source => source.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) == id);

    /// <summary>Passes a request on, as Grafana does for a Prometheus: what is upstream's comes back as it is.</summary>
    public async Task ForwardAsync(HttpContext context, DataSource source, string path)
    {
        var request = context.Request;
        var refusal = request.Method switch
        {
            "POST" when source.Type == "prometheus" && !PostPaths.Any(allowed => path.EndsWith($"/{allowed}", StringComparison.Ordinal)) => "posts not allowed on proxied Prometheus datasource except on /query, /query_range, /series and /labels",
            "DELETE" => "deletes not allowed on proxied Prometheus datasource",
            "PUT" => "puts not allowed on proxied Prometheus datasource",
            _ => null,
        };
        if (refusal is not null)
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsJsonAsync(new JsonObject { ["message"] = refusal });
            return;
        }

        await PassOnAsync(context, source.Url, path);
    }

    /// <summary>Passes a request on to an address.</summary>
    public static async Task PassOnAsync(HttpContext context, Uri url, string path)
    {
        var request = context.Request;
        using var passed = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(url, path + request.QueryString));
        if (request.Method == "POST")
        {
            passed.Content = new StreamContent(request.Body);
            if (request.ContentType is { } type) passed.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        try
        {
            using var answer = await Client.SendAsync(passed, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (HttpRequestException)
        {
            context.Response.StatusCode = (int)HttpStatusCode.BadGateway;
        }
    }
}
