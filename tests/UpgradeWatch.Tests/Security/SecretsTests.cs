using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Configuration;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Hosting;
using UpgradeWatch.Workers;

namespace UpgradeWatch.Tests.Security;

/// <summary>Plants secrets everywhere where there can be any, goes through everything that answers, and looks for them in all that came out.</summary>
public sealed class SecretsTests
{
    private const string Canary = "a-reason-that-is-told-everywhere";

    [Fact]
    public async Task No_secret_comes_out_anywhere()
    {
        using var planted = new Planted();
        var asked = new StringBuilder();
        await using var source = await Planted.EchoAsync(401, (head, _) => { lock (asked) asked.AppendLine(head); });
        await using var collector = await Planted.EchoAsync(200, (head, body) => planted.See($"otlp {head.Split('\n')[0]}", body));
        var guarded = await StartAsync(planted, Planted.AddressOf(source), Planted.AddressOf(collector));
        var (folder, metrics) = (guarded.Folder, guarded.Server.Metrics);
        foreach (var (name, token) in new[] { ("admin token", guarded.Admin), ("operator's token", guarded.Operate), ("reader's token", guarded.Read) }) planted.Keep(name, token);
        var cookie = planted.Keep("cookie", await CookieAsync(guarded));
        planted.Keep("form token", guarded.Server.Services.GetRequiredService<UpgradeWatch.Security.Sessions>().Find(cookie)!.FormToken);

        var id = await guarded.BeginAsync();
        using (await guarded.SendAsync("POST", $"/api/v1/upgrades/{id}/phase", guarded.Operate, $$"""{"phase":"upgrading","reason":"{{Canary}}"}""")) { }
        await guarded.Server.PassAsync(TimeSpan.FromMinutes(1));
        await guarded.Server.Services.GetRequiredService<GrafanaHealth>().LookAsync(CancellationToken.None);
        await guarded.Server.Services.GetRequiredService<OutboxDelivery>().RunOnceAsync(CancellationToken.None);
        Assert.False(await guarded.Server.Services.GetRequiredService<IReadOnlyList<AlertSender>>()[0].RunOnceAsync(CancellationToken.None));
        await guarded.Server.Services.GetRequiredService<SilenceKeeper>().RunOnceAsync(CancellationToken.None);
        await AskEverythingAsync(guarded, id, cookie, planted);
        planted.See("metrics", await metrics.GetStringAsync("/metrics"));
        foreach (var file in Directory.GetFiles(folder).Where(file => Path.GetFileName(file).StartsWith("store.db", StringComparison.Ordinal) && !file.EndsWith(".lock", StringComparison.Ordinal)))
            planted.See($"file {Path.GetFileName(file)}", Encoding.Latin1.GetString(await ReadSharedAsync(file)));
        // What has gathered for the collector goes out at the end.
        await guarded.DisposeAsync();

        Assert.Empty(planted.Leaks().Distinct());
        foreach (var where in new[] { "answer", "log", "otlp /v1/logs", "file store.db" }) Assert.True(planted.Shows(where, Canary), $"nothing was collected from {where}");
        Assert.True(planted.Shows("otlp /v1/traces", "/api/v1/"));
        foreach (var used in new[] { "prometheus-token-", "prometheus-header-", "alertmanager-token-", "Basic " }) Assert.Contains(used, asked.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_comes_out_of_a_store_that_fails_in_an_unforeseen_way()
    {
        using var planted = new Planted();
        var store = BrokenStore.Create();
        await using var guarded = await GuardedServer.StartAsync(logLevel: LogLevel.Critical, configure: services =>
        {
            services.AddSingleton<ILoggerProvider>(planted);
            services.AddSingleton(store);
        });
        planted.Keep("admin token", guarded.Admin);
        var cookie = planted.Keep("cookie", await CookieAsync(guarded));

        BrokenStore.Break(store);
        await AskEverythingAsync(guarded, "01KQVF00000000000000000000", cookie, planted);

        Assert.Empty(planted.Leaks().Distinct());
        Assert.True(planted.Shows("answer", "an error of UpgradeWatch itself"));
    }

    [Fact]
    public void A_secret_that_comes_out_is_noticed()
    {
        using var planted = new Planted();
        var secret = planted.Secret("x");
        planted.See("answer", $"it was {Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))}");
        Assert.Single(planted.Leaks());
    }

    private static async Task<GuardedServer> StartAsync(Planted planted, Uri source, Uri collector)
    {
        var environment = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.ToString(),
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"authorization=Bearer%20{planted.Secret("otlp-header")}",
        };
        return await GuardedServer.StartAsync(
            logLevel: LogLevel.Trace,
            environment: environment,
            options: usual =>
            {
                var folder = Path.GetDirectoryName(usual.Storage.Path)!;
                string Written(string name)
                {
                    File.WriteAllText(Path.Combine(folder, name), planted.Secret(name));
                    return Path.Combine(folder, name);
                }

                return usual with
                {
                    Prometheus = new EndpointOptions { Url = source, TokenFile = Written("prometheus-token"), Headers = new Dictionary<string, string> { ["X-Key"] = planted.Secret("prometheus-header") } },
                    Grafana = new EndpointOptions { Url = source, Username = "watch", PasswordFile = Written("grafana-password") },
                    Alertmanager = new AlertmanagerSection(new EndpointOptions { Url = source, TokenFile = Written("alertmanager-token") }, []),
                    Silences = new SilenceOptions { PlannedDowntime = true, Grafana = true },
                };
            },
            configure: services =>
            {
                services.RemoveAll<IMetricSource>();
                services.AddSingleton<IMetricSource>(provider => provider.GetRequiredService<PrometheusSource>());
                services.AddSingleton<ILoggerProvider>(planted);
            });
    }

    // Every route that there is, also those that come later; good, wrong and broken.
    private static async Task AskEverythingAsync(GuardedServer guarded, string id, string cookie, Planted planted)
    {
        var flagger = planted.Secret("flagger-token");
        string[] bodies =
        [
            $$$"""{"name":"a","namespace":"b","target":"cart","toVersion":"{{{id[..8]}}}","phase":"upgrading","reason":"{{{Canary}}}","metadata":{"token":"{{{flagger}}}"}}""",
            $$$"""{"metadata":{"token":"{{{guarded.Admin}}}","target":"checkout"},"metadata":{"token":"{{{flagger}}}"}}""",
            $$"""{"token":"{{flagger}}","status":"done"}""",
            $$"""{"status":"done","note":"{{Canary}}"}""",
            $$"""{"reason":"{{Canary}}"}""",
            $"\"{flagger}",
        ];
        (string, string)[][] callers =
        [
            [("Authorization", $"Bearer {guarded.Admin}")],
            [("Authorization", $"Bearer {guarded.Read}")],
            [("Cookie", $"upgradewatch-session={cookie}")],
            [("Authorization", $"Bearer {flagger}")],
            [("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"a:{flagger}"))}")],
            [("Authorization", $"Bearer {guarded.Admin}"), ("Origin", "http://evil.example")],
        ];
        var routes = guarded.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>()?.HttpMethods ?? []).Select(m => (Method: m, Path: "/" + e.RoutePattern.RawText!.Trim('/'))))
            .Where(route => route.Path != "/logout").ToList();
        foreach (var (method, pattern) in routes)
        {
            var path = pattern.Replace("{id}", id, StringComparison.Ordinal).Replace("{target}", "checkout", StringComparison.Ordinal).Replace("{sli}", "error-ratio", StringComparison.Ordinal)
                .Replace("{item}", "rollback-plan", StringComparison.Ordinal).Replace("{hook}", "rollout", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal);
            foreach (var caller in callers)
            {
                foreach (var body in method == "GET" ? [null] : (string?[])bodies)
                {
                    await AskAsync(guarded, method, path, body, caller, planted);
                }
            }

            await AskAsync(guarded, method, $"{path}?token={guarded.Admin}", method == "GET" ? null : bodies[0], callers[0], planted);
        }
    }

    private static async Task AskAsync(GuardedServer guarded, string method, string path, string? body, (string, string)[] headers, Planted planted)
    {
        using var answer = await guarded.SendAsync(method, path, null, body, headers);
        var isStream = answer.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var shown = isStream ? "" : await answer.Content.ReadAsStringAsync();
        // The one place where one belongs.
        var said = answer.Headers.Where(header => !(path.StartsWith("/login", StringComparison.Ordinal) && header.Key == "Set-Cookie"));
        planted.See($"answer {method} {path.Split('?')[0]} {(int)answer.StatusCode}", $"{string.Join('\n', said.Select(header => $"{header.Key}: {string.Join(',', header.Value)}"))}\n{shown}");
    }

    private static async Task<string> CookieAsync(GuardedServer guarded)
    {
        using var answer = await guarded.SendAsync("POST", "/login", null, $$"""{"token":"{{guarded.Operate}}"}""");
        return answer.Headers.GetValues("Set-Cookie").Single().Split('=', ';')[1];
    }

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}
