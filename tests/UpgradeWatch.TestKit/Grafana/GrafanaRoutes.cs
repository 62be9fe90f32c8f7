using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace UpgradeWatch.TestKit.Grafana;

/// <summary>The paths of Grafana's HTTP API that are needed.</summary>
internal sealed class GrafanaRoutes(AnnotationStore store, DashboardStore dashboards, DataSources sources, GrafanaVersion version, string password)
{
    private const int TagBytes = 500;

    private enum Role
    {
        Viewer,
        Editor,
        Admin,
    }

    public void Map(WebApplication application)
    {
        application.MapGet("/api/health", context => AnswerAsync(context, 200, new JsonObject { ["commit"] = "test", ["database"] = "ok", ["version"] = Number() }));
        application.MapGet("/api/org", context => AsAsync(context, Role.Viewer, "", _ => AnswerAsync(
            context, 200, new JsonObject { ["id"] = 1, ["name"] = "Main Org.", ["address"] = new JsonObject() })));
        application.MapGet("/api/datasources", context => AsAsync(context, Role.Admin, "Permission denied", _ => AnswerAsync(context, 200, new JsonArray([.. sources.All.Select(DataSources.Write)]))));
        application.MapGet("/api/datasources/uid/{uid}", context => AsAsync(context, Role.Admin, "Permission denied", _ => SourceAsync(context, sources.ByUid(Route(context, "uid")))));
        application.MapGet("/api/datasources/name/{name}", context => AsAsync(context, Role.Admin, "Permission denied", _ => SourceAsync(context, sources.ByName(Route(context, "name")))));
        application.MapGet("/api/datasources/id/{name}", context => AsAsync(context, Role.Viewer, "", _ => SourceIdAsync(context, sources.ByName(Route(context, "name")))));
        application.Map("/api/datasources/proxy/uid/{uid}/{**rest}", context => AsAsync(context, Role.Viewer, "", _ =>
            version == GrafanaVersion.V7 ? UnloadedAsync(context) : ProxyAsync(context, sources.ByUid(Route(context, "uid")))));
        application.Map("/api/datasources/proxy/{id:long}/{**rest}", context => AsAsync(context, Role.Viewer, "", _ => ProxyAsync(context, sources.ById(Route(context, "id")))));
        application.Map("/api/alertmanager/grafana/{**rest}", context => AsAsync(context, context.Request.Method == "GET" ? Role.Viewer : Role.Editor, "Permission denied", _ =>
            sources.Alertmanager is { } own ? DataSources.PassOnAsync(context, own, Route(context, "rest")) : AnswerAsync(context, 404, Message("Not found"))));
        application.MapGet("/api/dashboards/uid/{uid}", context => AsAsync(context, Role.Viewer, "", _ => BoardAsync(context)));
        application.MapPost("/api/dashboards/db", context => AsAsync(context, Role.Editor, "Access denied to save dashboard", _ => SaveBoardAsync(context)));
        application.MapGet("/api/annotations", context => AsAsync(context, Role.Viewer, "", _ => ListAsync(context)));
        application.MapPost("/api/annotations", context => AsAsync(context, Role.Editor, "Access denied to this dashboard", login => CreateAsync(context, login)));
        application.MapMethods("/api/annotations/{id}", ["PATCH", "PUT", "DELETE"], ChangeAsync);
        application.MapFallback(context => AnswerAsync(context, 404, Message("Not found")));
    }

    private static string Route(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;

    private static Task SourceAsync(HttpContext context, DataSource? source) =>
        source is null ? AnswerAsync(context, 404, Message("Data source not found")) : AnswerAsync(context, 200, DataSources.Write(source));

    private static Task SourceIdAsync(HttpContext context, DataSource? source) =>
        source is null ? AnswerAsync(context, 404, Message("Data source not found")) : AnswerAsync(context, 200, new JsonObject { ["id"] = source.Id });

    // 7.5 says so of every number that it does not know, and of the newer path altogether.
    private static Task UnloadedAsync(HttpContext context) => AnswerAsync(context, 500, Message("Unable to load datasource meta data"));

    private Task ProxyAsync(HttpContext context, DataSource? source) => source is not null
        ? sources.ForwardAsync(context, source, Route(context, "rest"))
        : version == GrafanaVersion.V7 ? UnloadedAsync(context) : AnswerAsync(context, 404, Message("Data source not found"));

    private Task BoardAsync(HttpContext context) => dashboards.ByUid(Route(context, "uid")) is { } board
        ? AnswerAsync(context, 200, new JsonObject { ["meta"] = new JsonObject { ["url"] = $"/d/{board.Uid}" }, ["dashboard"] = board.Written() })
        : AnswerAsync(context, 404, Message("Dashboard not found"));

    private async Task SaveBoardAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var (status, answer) = dashboards.Save(await reader.ReadToEndAsync());
        await AnswerAsync(context, status, answer);
    }

    private string Number() => version switch
    {
        GrafanaVersion.V7 => "7.5.5",
        GrafanaVersion.V9 => "9.4.0",
        _ => "11.0.0",
    };

    private async Task AsAsync(HttpContext context, Role needed, string refusal, Func<string, Task> work)
    {
        var (role, login, problem) = Authenticate(context.Request.Headers.Authorization.ToString());
        if (role is null) await AnswerAsync(context, 401, Message(problem));
        else if (role < needed) await AnswerAsync(context, 403, Message(version == GrafanaVersion.V7 ? refusal : "You'll need additional permissions to perform this action."));
        else await work(login);
    }

    private (Role? Role, string Login, string Problem) Authenticate(string header)
    {
        if (header.StartsWith("Basic ", StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])) == $"admin:{password}" ? (Role.Admin, "admin", "") : (null, "", "invalid username or password");
        }

        return header switch
        {
            "Bearer " + GrafanaTestServer.ViewerToken => (Role.Viewer, "", ""),
            "Bearer " + GrafanaTestServer.EditorToken => (Role.Editor, "", ""),
            "Bearer " + GrafanaTestServer.AdminToken => (Role.Admin, "", ""),
            "" => (null, "", "Unauthorized"),
            _ => (null, "", "invalid API key"),
        };
    }

    private Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        long Whole(string name) => long.TryParse(query[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;
        var found = query["type"] == "alert"
            ? []
            : store.List(query["tags"].OfType<string>(), query["matchAny"] == "true", Whole("from"), Whole("to"), Whole("limit"));
        return AnswerAsync(context, 200, new JsonArray([.. found.Select(one => GrafanaRecord.Write(one, version))]));
    }

    private async Task CreateAsync(HttpContext context, string login)
    {
        if (await ReadAsync(context, "PostAnnotationsCmd") is not { } body) return;
        if (body.Text.Length == 0)
        {
            await AnswerAsync(context, 400, Message("Failed to save annotation"));
        }
        else if (version != GrafanaVersion.V7 && TagLength(body.Tags ?? []) > TagBytes)
        {
            await AnswerAsync(context, 400, new JsonObject
            {
                ["statusCode"] = 400,
                ["messageId"] = "annotations.tag-limit-exceeded",
                ["message"] = "Tags length exceeds the maximum allowed.",
            });
        }
        else
        {
            // 7.5 does not know the uid; an unknown dashboard is no reason to refuse there.
            var board = version == GrafanaVersion.V7 ? dashboards.ById(body.DashboardId) : dashboards.ByUid(body.DashboardUid) ?? dashboards.ById(body.DashboardId);
            if (version != GrafanaVersion.V7 && body.DashboardUid.Length > 0 && board is null)
            {
                await AnswerAsync(context, 400, Message("Invalid dashboard UID in annotation request"));
                return;
            }

            var added = store.Add(body.Time, body.TimeEnd, body.Text, body.Tags ?? [], login, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            store.Change(added.Id, one => one with { DashboardId = board?.Id ?? 0, DashboardUid = board?.Uid });
            await AnswerAsync(context, 200, new JsonObject { ["id"] = added.Id, ["message"] = "Annotation added" });
        }
    }

    /// <summary>7.5 says that something is missing before it looks at the role.</summary>
    private async Task ChangeAsync(HttpContext context)
    {
        var isNumber = long.TryParse((string?)context.Request.RouteValues["id"], out var id);
        if (version == GrafanaVersion.V7 && isNumber && id != 0 && !store.Exists(id))
        {
            await AsAsync(context, Role.Viewer, "", _ => MissingAsync(context));
            return;
        }

        await AsAsync(context, Role.Editor, "Access denied to this dashboard", async _ =>
        {
            if (!isNumber || id == 0)
            {
                await AnswerAsync(context, version == GrafanaVersion.V7 ? 500 : 400, Message(version == GrafanaVersion.V7 ? "Failed to update annotation" : "annotationId is invalid"));
            }
            else if (context.Request.Method == "DELETE")
            {
                await (store.Delete(id) ? AnswerAsync(context, 200, Message("Annotation deleted")) : MissingAsync(context));
            }
            else
            {
                await EditAsync(context, id);
            }
        });
    }

    private async Task EditAsync(HttpContext context, long id)
    {
        var patch = context.Request.Method == "PATCH";
        if (await ReadAsync(context, patch ? "PatchAnnotationsCmd" : "UpdateAnnotationsCmd") is not { } body) return;
        var done = store.Change(id, old => patch ? Patch(old, body) : Put(old, body));
        await (done ? AnswerAsync(context, 200, Message(patch ? "Annotation patched" : "Annotation updated")) : MissingAsync(context));
    }

    private static StoredAnnotation Patch(StoredAnnotation old, AnnotationBody body) => old with
    {
        Text = body.Text.Length == 0 ? old.Text : body.Text,
        Time = body.Time > 0 ? body.Time : old.Time,
        TimeEnd = body.TimeEnd > 0 ? body.TimeEnd : old.TimeEnd,
        Tags = body.Tags ?? old.Tags,
        Index = body.Tags is null ? old.Index : TagPair.Parse(body.Tags),
    };

    private static StoredAnnotation Put(StoredAnnotation old, AnnotationBody body) => old with
    {
        Text = body.Text,
        Time = body.Time > 0 ? body.Time : old.Time,
        TimeEnd = body.TimeEnd > 0 ? body.TimeEnd : old.TimeEnd,
        Tags = body.Tags,
        Index = body.Tags is null ? old.Index : TagPair.Parse(body.Tags),
    };

    private Task MissingAsync(HttpContext context) => version == GrafanaVersion.V7
        ? AnswerAsync(context, 500, Message("Could not find annotation to update"))
        : AnswerAsync(context, 404, Message("Annotation not found"));

    /// <summary>Reads the body; null when it was refused.</summary>
    private async Task<AnnotationBody?> ReadAsync(HttpContext context, string command)
    {
        var type = context.Request.ContentType ?? "";
        if (!type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            await (version == GrafanaVersion.V7
                ? AnswerAsync(context, 415, Errors("ContentTypeError", type.Length == 0 ? "Empty Content-Type" : "Unsupported Content-Type"))
                : AnswerAsync(context, 400, Message("bad request data")));
            return null;
        }

        using var reader = new StreamReader(context.Request.Body);
        var (body, problem) = AnnotationBody.Parse(await reader.ReadToEndAsync(), command);
        if (body is null)
        {
            await AnswerAsync(context, 400, version == GrafanaVersion.V7 ? Errors("DeserializationError", problem) : Message("bad request data"));
        }

        return body;
    }

    private static int TagLength(IReadOnlyList<string> tags) => Encoding.UTF8.GetByteCount(new JsonArray([.. tags.Select(tag => (JsonNode)tag)]).ToJsonString());

    private static JsonObject Message(string text) => new() { ["message"] = text };

    private static JsonArray Errors(string classification, string message) => [new JsonObject { ["classification"] = classification, ["message"] = message }];

    private static Task AnswerAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(body.ToJsonString());
    }
}
