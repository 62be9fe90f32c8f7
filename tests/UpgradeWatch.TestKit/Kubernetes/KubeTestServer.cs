using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UpgradeWatch.TestKit.Kubernetes;

/// <summary>
/// An API of Kubernetes in this process: list and watch as https://kubernetes.io/docs/reference/using-api/api-concepts/
/// says, and whatever can go wrong with them.
/// </summary>
public sealed class KubeTestServer : IAsyncDisposable
{
    private static readonly string[] Groups = ["api/v1", "apis/apps/v1", "apis/argoproj.io/v1alpha1"];

    private readonly WebApplication _application;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _pages = new();
    private CancellationTokenSource _open = new();
    private TaskCompletionSource _asked = New();

    private KubeTestServer(WebApplication application) => _application = application;

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_application.Urls.First());

    /// <summary>What it holds.</summary>
    public KubeStore Store { get; } = new();

    /// <summary>What goes wrong.</summary>
    public KubeFaults Faults { get; } = new();

    /// <summary>What was asked, as path and query, in order.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Starts one on a free port of the loopback.</summary>
    public static async Task<KubeTestServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new KubeTestServer(builder.Build());
        server._application.Run(server.AnswerAsync);
        await server._application.StartAsync();
        return server;
    }

    /// <summary>A kubeconfig for it.</summary>
    /// <param name="token">The token that is sent.</param>
    public string Kubeconfig(string token = KubeFaults.GoodToken) => $$"""
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [ { name: test, context: { cluster: test, user: test } } ]
        clusters: [ { name: test, cluster: { server: "{{Url}}" } } ]
        users: [ { name: test, user: { token: "{{token}}" } } ]
        """;

    /// <summary>Breaks off every watch that is open.</summary>
    public void DropWatches()
    {
        var open = Interlocked.Exchange(ref _open, new CancellationTokenSource());
        open.Cancel();
    }

    /// <summary>Completes when requests that pass have been made so often in all.</summary>
    public async Task AskedAsync(Func<string, bool> pass, int times, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = Volatile.Read(ref _asked).Task;
            if (_requests.Count(pass) >= times) return;
            await next.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _open.CancelAsync();
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        _requests.Enqueue($"{context.Request.Path}{context.Request.QueryString}");
        Interlocked.Exchange(ref _asked, New()).SetResult();
        if (Faults.Skew is { } skew) context.Response.Headers.Date = (TimeProvider.System.GetUtcNow() + skew).ToString("r");
        if (Faults.IsDown)
        {
            context.Abort();
            return;
        }

        if (Faults.Take($"{context.Request.Path}{context.Request.QueryString}", context.Request.Headers.Authorization.ToString()) is { } fault)
        {
            if (fault.RetryAfter is { } after) context.Response.Headers.RetryAfter = after.ToString(CultureInfo.InvariantCulture);
            await StatusAsync(context, fault.Code, fault.Reason, fault.Message);
            return;
        }

        if (Resource(context.Request.Path.Value!.Trim('/')) is not { } asked)
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("404 page not found");
            return;
        }

        if (Faults.Missing.Contains(asked.Resource))
        {
            // A kind that is not installed has no path: https://kubernetes.io/docs/reference/using-api/#api-groups
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("404 page not found");
            return;
        }

        if (Faults.Forbidden.Contains(asked.Resource))
        {
            await StatusAsync(context, 403, "Forbidden", $"{asked.Resource} is forbidden: User \"system:serviceaccount:shop:upgradewatch\" cannot list resource \"{asked.Resource}\" in API group \"\" in the namespace \"{asked.Namespace}\"");
            return;
        }

        if (asked.Name is not null || context.Request.Method != "GET") await ChangeAsync(context, asked.Resource, asked.Namespace!, asked.Name);
        else if (context.Request.Query["watch"] == "true") await WatchAsync(context, asked.Resource, asked.Namespace);
        else await ListAsync(context, asked.Resource, asked.Namespace);
    }

    private static (string Resource, string? Namespace, string? Name)? Resource(string path)
    {
        if (Groups.FirstOrDefault(group => path.StartsWith(group + "/", StringComparison.Ordinal)) is not { } group) return null;
        return path[(group.Length + 1)..].Split('/') switch
        {
            [var resource] => (resource, null, null),
            ["namespaces", var ns, var resource] => (resource, ns, null),
            ["namespaces", var ns, var resource, var name] => (resource, ns, name),
            _ => null,
        };
    }

    // Reads, creates, merges into and deletes one object, as kubectl does.
    private async Task ChangeAsync(HttpContext context, string resource, string ns, string? name)
    {
        var body = context.Request.Method is "POST" or "PATCH" ? (await JsonNode.ParseAsync(context.Request.Body))!.AsObject() : null;
        var found = Store.Find(resource, ns, name ?? (string)body!["metadata"]!["name"]!);
        if (context.Request.Method != "POST" && found is null)
        {
            await StatusAsync(context, 404, "NotFound", $"{resource} \"{name}\" not found");
            return;
        }

        switch (context.Request.Method)
        {
            case "POST":
                var meta = body!["metadata"]!.AsObject();
                meta["namespace"] = ns;
                meta["uid"] = Guid.NewGuid().ToString();
                meta["generation"] = 1;
                meta["creationTimestamp"] = KubeControllers.Stamp(TimeProvider.System.GetUtcNow());
                Store.Put(resource, body);
                found = body;
                break;
            case "PATCH":
                var before = found!["spec"]?.ToJsonString();
                Merge(found, body!);
                if (found["spec"]?.ToJsonString() != before) found["metadata"]!["generation"] = (long)found["metadata"]!["generation"]! + 1;
                Store.Put(resource, found);
                break;
            case "DELETE":
                Store.Delete(resource, ns, name!);
                break;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(found!.ToJsonString());
    }

    // https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/ (merge patch)
    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is null) into.Remove(key);
            else if (value is JsonObject inner && into[key] is JsonObject old) Merge(old, inner);
            else into[key] = value.DeepClone();
        }
    }

    // https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks: all pages show
    // the state at the first one, and a token that is too old is answered with 410.
    private async Task ListAsync(HttpContext context, string resource, string? ns)
    {
        var limit = int.TryParse(context.Request.Query["limit"], out var asked) && asked > 0 ? asked : int.MaxValue;
        var token = context.Request.Query["continue"].ToString();
        long version;
        IReadOnlyList<string> all;
        if (token.Length > 0)
        {
            if (!_pages.TryRemove(token, out all!) || Store.After(version = long.Parse(token.Split('-')[0])) is null)
            {
                await StatusAsync(context, 410, "Expired", "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter");
                return;
            }
        }
        else
        {
            (version, all) = Store.List(resource, ns);
            all = [.. all.Where(one => Passes(context, JsonNode.Parse(one)!))];
        }

        var next = "";
        if (all.Count > limit)
        {
            next = $"{version}-{Guid.NewGuid():N}";
            _pages[next] = [.. all.Skip(limit)];
        }

        context.Response.ContentType = "application/json";
        var items = string.Join(',', all.Take(limit).Concat(Faults.Malformed.GetValueOrDefault(resource) ?? []));
        await context.Response.WriteAsync(
            $"{{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{{\"resourceVersion\":\"{version}\",\"continue\":\"{next}\"}},\"items\":[{items}]}}");
    }

    private async Task WatchAsync(HttpContext context, string resource, string? ns)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _open.Token);
        var version = long.Parse(context.Request.Query["resourceVersion"]!, CultureInfo.InvariantCulture);
        if (Store.After(version) is null && !Faults.TellsExpiryInStream)
        {
            // https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses
            await StatusAsync(context, 410, "Expired", $"too old resource version: {version} ({Store.Version})");
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.StartAsync(end.Token);
        var drop = Faults.TakeDrop(resource);
        var sent = 0;
        try
        {
            while (true)
            {
                var next = Store.NextChange;
                if (Store.After(version) is not { } changes)
                {
                    await LineAsync(context, "ERROR", $"{{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"too old resource version: {version} ({Store.Version})\",\"reason\":\"Expired\",\"code\":410}}", end.Token);
                    return;
                }

                foreach (var change in changes)
                {
                    version = change.Version;
                    if (change.Changed.Resource != resource || (ns is not null && change.Changed.Namespace != ns) || !Passes(context, JsonNode.Parse(change.Changed.Json)!)) continue;
                    if (drop is { } cut && sent == cut.After)
                    {
                        if (cut.InTheMiddle) await context.Response.WriteAsync("{\"type\":\"MODIFIED\",\"object\":{\"meta", end.Token);
                        await context.Response.Body.FlushAsync(end.Token);
                        context.Abort();
                        return;
                    }

                    await LineAsync(context, change.Type, change.Changed.Json, end.Token);
                    sent++;
                }

                // https://kubernetes.io/docs/reference/using-api/api-concepts/#watch-bookmarks
                if (Faults.SendsBookmarks && context.Request.Query["allowWatchBookmarks"] == "true")
                    await LineAsync(context, "BOOKMARK", $"{{\"kind\":\"Bookmark\",\"apiVersion\":\"v1\",\"metadata\":{{\"resourceVersion\":\"{version}\"}}}}", end.Token);
                await next.WaitAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            if (!context.RequestAborted.IsCancellationRequested) context.Abort();
        }
    }

    private static Task LineAsync(HttpContext context, string type, string json, CancellationToken cancellationToken) =>
        WriteAsync(context, $"{{\"type\":\"{type}\",\"object\":{json}}}\n", cancellationToken);

    private static async Task WriteAsync(HttpContext context, string text, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync(text, Encoding.UTF8, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    // https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
    private static bool Passes(HttpContext context, JsonNode one)
    {
        foreach (var part in context.Request.Query["fieldSelector"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var (path, wanted) = (part.Split('=')[0], part.Split('=')[^1]);
            var found = path.Split('.').Aggregate(one, (node, name) => node?[name]!);
            if ((string?)found != wanted) return false;
        }

        return true;
    }

    private static async Task StatusAsync(HttpContext context, int code, string reason, string message)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = message,
            ["reason"] = reason,
            ["code"] = code,
        }.ToJsonString());
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
