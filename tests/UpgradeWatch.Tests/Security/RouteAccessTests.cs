using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace UpgradeWatch.Tests.Security;

/// <summary>Every route, with every kind of token. A route that is not in the table makes the first test red.</summary>
public sealed class RouteAccessTests
{
    private const string Upgrades = "/api/v1/upgrades";
    private const string One = Upgrades + "/{id}";

    // Where several targets are answered, the token for another target gets an answer in which this one does not occur.
    private static readonly Route[] Routes =
    [
        new("POST", Upgrades, "operate") { Body = """{"target":"checkout","toVersion":"2","supersede":true}""" },
        new("GET", Upgrades, "read") { Filters = true },
        new("GET", One, "read"),
        new("POST", One + "/phase", "operate") { Body = """{"phase":"upgrading"}""" },
        new("GET", One + "/verdict", "read"),
        new("GET", "/api/v1/targets/{target}/verdict", "read"),
        new("GET", One + "/gate", "read"),
        new("GET", "/api/v1/targets/{target}/gate", "read"),
        new("POST", One + "/findings/{sli}/acknowledge", "operate") { Body = """{"reason":"known"}""" },
        new("DELETE", One + "/findings/{sli}/acknowledge", "operate"),
        new("GET", One + "/checklist", "read"),
        new("PATCH", One + "/checklist/{item}", "operate") { Body = """{"note":"seen"}""" },
        new("GET", One + "/findings/{sli}/series", "read"),
        new("GET", One + "/report", "read"),
        new("GET", "/api/v1/events", "read") { Filters = true },
        new("GET", "/api/v1/status", "read") { Filters = true },
        .. new[] { "confirm-rollout", "confirm-promotion", "rollout", "post-rollout", "event", "rollback" }.Select(hook => new Route("POST", $"/api/v1/hooks/flagger/{hook}", "operate") { Body = """{"name":"checkout","namespace":"shop","phase":"Progressing","checksum":"1"}""" }),
        new("POST", "/api/v1/hooks/argocd", "operate") { Body = """{"application":"checkout","revision":"1","operation":"Running"}""" },
        new("POST", "/api/v1/hooks/generic", "operate") { Body = """{"target":"checkout","revision":"1","phase":"upgrading"}""" },
        new("POST", "/logout", "read") { Body = "{}", Shared = true },
        new("POST", "/login", null) { Login = true },
        new("GET", "/", "read") { Later = true },
        new("GET", "/upgrades/{id}", "read"),
        new("GET", "/openapi/{documentName}.json", "read") { Shared = true },
        .. new[] { "/metrics", "/livez", "/readyz", "/startupz", "/healthz" }.Select(path => new Route("GET", path, null)),
    ];

    [Fact]
    public async Task Every_route_of_the_server_is_in_the_table()
    {
        await using var guarded = await GuardedServer.StartAsync();

        var mapped = guarded.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(m => $"{m} /{e.RoutePattern.RawText!.Trim('/')}"));

        Assert.Equal(mapped.Order(), Routes.Select(r => $"{r.Method} {r.Path}").Order());
    }

    [Fact]
    public async Task A_route_lets_in_who_may_call_it_and_nobody_else()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var id = await guarded.BeginAsync();
        var wrong = new List<string>();
        foreach (var route in Routes)
        {
            var path = route.Path.Replace("{id}", id, StringComparison.Ordinal).Replace("{target}", "checkout", StringComparison.Ordinal).Replace("{sli}", "error-ratio", StringComparison.Ordinal)
                .Replace("{item}", "rollback-plan", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal);
            // It gives cookies for tokens, see LoginTests.
            if (route.Login) continue;
            if (route.Role is null)
            {
                // On the listener of the API there is no such thing, and on its own it is open.
                await ExpectAsync("open", null, 404, 404);
                using var open = await guarded.Server.Metrics.GetAsync(path);
                if (!open.IsSuccessStatusCode) wrong.Add($"{path}: {open.StatusCode} on its own listener");
                continue;
            }

            await ExpectAsync("no token", null, 401, 401);
            await ExpectAsync("an unknown token", UpgradeWatch.Security.BearerToken.New(), 401, 401);
            await ExpectAsync("another target", guarded.Other, route.Filters || route.Later || route.Shared ? 200 : 403, route.Filters || route.Later || route.Shared ? 599 : 403);
            if (route.Role == "operate") await ExpectAsync("too small a role", guarded.Read, 403, 403);
            await ExpectAsync("the least role", route.Role == "read" ? guarded.Read : guarded.Operate, 200, 599);
            await ExpectAsync("its own target", guarded.Own, 200, 599);
            await ExpectAsync("the highest role", guarded.Admin, 200, 599);

            async Task ExpectAsync(string who, string? token, int from, int to)
            {
                using var answer = await guarded.SendAsync(route.Method, path, token, route.Body);
                var status = (int)answer.StatusCode;
                var isRight = from == to ? status == from : status is >= 200 and not 401 and not 403 and not 404 and not 429 || (status == 404 && path.Contains("/findings/", StringComparison.Ordinal));
                if (!isRight) wrong.Add($"{route.Method} {path} with {who}: {status}");
                if (status == 401 && answer.Headers.WwwAuthenticate.ToString() != "Bearer") wrong.Add($"{route.Method} {path}: 401 without a challenge");
                if (who != "another target" || !route.Filters || path.EndsWith("/events", StringComparison.Ordinal)) return;
                if ((await answer.Content.ReadAsStringAsync()).Contains("checkout", StringComparison.Ordinal)) wrong.Add($"{route.Method} {path} tells of another target");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task The_document_says_which_role_a_route_needs()
    {
        await using var guarded = await GuardedServer.StartAsync();
        using var answer = await guarded.SendAsync("GET", "/openapi/v1.json", guarded.Read);
        var paths = (await Hosting.RunningServer.JsonAsync(answer)).GetProperty("paths");

        foreach (var route in Routes.Where(r => !r.Path.StartsWith("/openapi", StringComparison.Ordinal)))
        {
            var operation = paths.GetProperty(route.Path).GetProperty(route.Method.ToLowerInvariant());
            var said = operation.TryGetProperty("security", out var security) ? security[0].GetProperty("bearer")[0].GetString() : null;
            Assert.Equal(route.Role, said);
        }
    }

    private sealed record Route(string Method, string Path, string? Role)
    {
        public string? Body { get; init; }

        /// <summary>Answers for several targets, and leaves out those that the token does not name.</summary>
        public bool Filters { get; init; }

        /// <summary>Says only that it comes later.</summary>
        public bool Later { get; init; }

        /// <summary>Asks for a token by itself.</summary>
        public bool Login { get; init; }

        /// <summary>Belongs to no target.</summary>
        public bool Shared { get; init; }
    }
}
