using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UpgradeWatch.TestKit.Grafana;

/// <summary>A Grafana in this process: annotations, health and credentials as the real ones answer, and whatever can go wrong.</summary>
public sealed class GrafanaTestServer : IAsyncDisposable
{
    /// <summary>A token of each role; the administrator's name is <c>admin</c>, and so is the password unless another one is set.</summary>
    public const string ViewerToken = "glsa_viewer", EditorToken = "glsa_editor", AdminToken = "glsa_admin";

    private readonly WebApplication _application;
    private readonly AnnotationStore _store = new();
    private readonly DashboardStore _dashboards = new();
    private readonly DataSources _sources = new();
    private readonly ConcurrentQueue<string> _requests = new();

    private readonly string _path;

    private GrafanaTestServer(WebApplication application, string path) => (_application, _path) = (application, path);

    /// <summary>Where it listens, ending with a slash.</summary>
    public Uri Url => new($"{_application.Urls.First()}/{_path}");

    /// <summary>What goes wrong.</summary>
    public GrafanaFaults Faults { get; } = new();

    /// <summary>The annotations it holds.</summary>
    public IReadOnlyList<StoredAnnotation> Annotations => _store.All;

    /// <summary>Adds a dashboard with a uid; gives its number.</summary>
    public long AddDashboard(string uid) => _dashboards.Add(uid);

    /// <summary>Adds a data source that requests are passed on to.</summary>
    public void AddDataSource(string uid, string name, string type, Uri url) => _sources.Add(uid, name, type, url);

    /// <summary>Has an Alertmanager stand for the one within Grafana, which has the same API.</summary>
    public void SetAlertmanager(Uri url) => _sources.Alertmanager = url;

    /// <summary>Makes all data sources anew, with other numbers.</summary>
    public void RenumberDataSources() => _sources.Renumber();

    /// <summary>Loses all annotations, as with an older backup.</summary>
    public void LoseAnnotations()
    {
        foreach (var one in _store.All) _store.Delete(one.Id);
    }

    /// <summary>Raised with the method of each request, before anything is done about it.</summary>
    public event Action<string>? Asked;

    /// <summary>What was asked, as method, path and query, in order.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Starts one on a free port of the loopback.</summary>
    public static async Task<GrafanaTestServer> StartAsync(GrafanaVersion version = GrafanaVersion.V7, string path = "", string password = "admin")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var server = new GrafanaTestServer(application, path);
        if (path.Length > 0) application.UsePathBase($"/{path.TrimEnd('/')}");
        application.UseRouting();
        application.Use(server.MeetFaultAsync);
        new GrafanaRoutes(server._store, server._dashboards, server._sources, version, password).Map(application);
        await application.StartAsync();
        return server;
    }

    /// <summary>A client with a token; null for none.</summary>
    public HttpClient Client(string? token = EditorToken)
    {
        var client = new HttpClient { BaseAddress = Url };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client with a name and a password.</summary>
    public HttpClient Client(string user, string password) => new()
    {
        BaseAddress = Url,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))) },
    };

    /// <summary>Changes an annotation, as somebody in the user interface would.</summary>
    public bool Change(long id, Func<StoredAnnotation, StoredAnnotation> change) => _store.Change(id, change);

    /// <summary>Deletes an annotation, as somebody in the user interface would.</summary>
    public bool Delete(long id) => _store.Delete(id);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task MeetFaultAsync(HttpContext context, RequestDelegate next)
    {
        _requests.Enqueue($"{context.Request.Method} {context.Request.PathBase}{context.Request.Path}{context.Request.QueryString}");
        Asked?.Invoke(context.Request.Method);
        var (before, after) = Faults.TakeLateness();
        if (after > TimeSpan.Zero) AnswerLate(context, after);
        if (before > TimeSpan.Zero)
        {
            // Whole before the wait, so that it is carried out although its sender is gone by then.
            context.Request.EnableBuffering();
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Request.Body.Position = 0;
            await Task.Delay(before, TimeProvider.System);
        }

        var fault = Faults.Take(context.Request.Method);
        if (fault is null || !await GrafanaFaults.MeetAsync(fault, context, next)) await next(context);
    }

    // Nothing of an answer leaves before its headers do.
    private static void AnswerLate(HttpContext context, TimeSpan late) =>
        context.Response.OnStarting(() => Task.Delay(late, TimeProvider.System));
}
