using System.Net.Http.Json;
using System.Text.Json;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.EndToEnd.Kubernetes;

/// <summary>Without Kubernetes' API: the version label of a metric opens and moves upgrades, and kube-state-metrics tells how pods are.</summary>
public sealed class MetricTests : IAsyncLifetime
{
    private const string Pod = "checkout-7d9f8b6c5-x2x4z";
    private const int Interval = 15;

    private readonly DateTimeOffset _end = Whole(TimeProvider.System.GetUtcNow().AddMinutes(-2));
    private readonly PrometheusServer _prometheus = new();

    [Fact]
    public async Task AVersionThatChangedWhileNobodyLooked_IsFoundWithItsTimes()
    {
        var (until, began, done) = (_end.AddMinutes(-25), _end.AddMinutes(-20), _end.AddMinutes(-18));
        await StartAsync(writer => Write(writer, _end.AddMinutes(-50), until, (_, _) => "1.4.2"));
        await using var server = await ServeAsync();
        await server.WaitForLineAsync("version=1.4.2 state=\"runs\"");
        await server.StopAsync();
        await _prometheus.KillAsync();

        await StartAsync(writer => Write(writer, until.AddSeconds(Interval), _end, (at, pod) => at < (pod == 0 ? began : done) ? "1.4.2" : "1.5.0"));
        await server.StartAsync();
        await server.WaitForLineAsync("phase changed target=checkout");
        var id = (await GetAsync(server, "/api/v1/upgrades")).GetProperty("items").EnumerateArray().Single().GetProperty("id").GetString();
        var upgrade = await GetAsync(server, $"/api/v1/upgrades/{id}");
        Assert.Equal("1.4.2 1.5.0", $"{upgrade.GetProperty("fromVersion")} {upgrade.GetProperty("toVersion")}");
        var history = upgrade.GetProperty("history").EnumerateArray().Select(entry => (entry.GetProperty("phase").GetString(), entry.GetProperty("at").GetDateTimeOffset(), entry.GetProperty("by").GetString())).ToList();
        Assert.Equal(("upgrading", began, "version-metric"), history[0]);

        // Imported series have no mark at their end: Prometheus goes on showing them for its look-back of 5 min.
        Assert.Equal(("post-upgrade", done.AddMinutes(5), "version-metric"), history[1]);
    }

    [Fact]
    public async Task ACrashLoopThatKubeStateMetricsTells_FlagsTheHealthCheck()
    {
        await StartAsync(writer =>
        {
            Write(writer, _end.AddMinutes(-50), _end, (_, _) => "1.4.2");
            var now = TimeProvider.System.GetUtcNow();
            for (var at = now.AddMinutes(-4); at < now.AddMinutes(3); at = at.AddSeconds(Interval))
            {
                Sample(writer, "kube_pod_status_ready", at, 0, ("condition", "true"));
                Sample(writer, "kube_pod_container_status_waiting_reason", at, 1, ("container", "app"), ("reason", "CrashLoopBackOff"));
                Sample(writer, "kube_pod_container_status_restarts_total", at, 4, ("container", "app"));
                Sample(writer, "kube_pod_container_status_last_terminated_exitcode", at, 3, ("container", "app"));
                // A pod of somebody else whose name begins alike.
                Sample(writer, "kube_pod_container_status_waiting_reason", at, 1, "checkout-worker-7d9f8b6c5-x2x4z", ("container", "app"), ("reason", "ImagePullBackOff"));
            }
        });
        await using var server = await ServeAsync();
        var (exitCode, _, output) = await server.CommandAsync("begin", "--target", "checkout", "--to", "1.5.0", "--phase", "upgrading");
        Assert.True(exitCode == 0, output);
        await Readiness.UntilAsync(async () => await HealthAsync(server) is { } item && item.GetProperty("status").GetString() == "flagged", () => null, () => server.Output, default);
        Assert.Equal($"Pod {Pod}, container app, crashes again and again (CrashLoopBackOff, exit code 3).", (await HealthAsync(server)).GetProperty("finding").GetString());
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _prometheus.DisposeAsync();

    private async Task StartAsync(Action<OpenMetricsWriter> write)
    {
        await _prometheus.ImportBlocksAsync(write);
        await _prometheus.StartAsync();
    }

    private Task<UpgradeWatchServer> ServeAsync() => UpgradeWatchServer.StartNewAsync($$"""
        prometheus: { url: "{{_prometheus.Url}}" }
        evaluation: { intervalSeconds: 1, stepSeconds: 15, historySeconds: 3600, baselineSeconds: 600 }
        targets: [ { name: checkout, labels: { namespace: shop }, versionMetric: checkout_build_info } ]
        """);

    private static void Write(OpenMetricsWriter writer, DateTimeOffset from, DateTimeOffset until, Func<DateTimeOffset, int, string> version)
    {
        for (var at = from; at <= until; at = at.AddSeconds(Interval))
        {
            for (var pod = 0; pod < 2; pod++) writer.Sample("checkout_build_info", OpenMetricsWriter.Labels(("namespace", "shop"), ("pod", $"p{pod}"), ("version", version(at, pod))), at, 1);
        }
    }

    private static void Sample(OpenMetricsWriter writer, string name, DateTimeOffset at, double value, params (string, string)[] labels) => Sample(writer, name, at, value, Pod, labels);

    private static void Sample(OpenMetricsWriter writer, string name, DateTimeOffset at, double value, string pod, params (string, string)[] labels) =>
        writer.Sample(name, OpenMetricsWriter.Labels([("namespace", "shop"), ("pod", pod), .. labels]), at, value);

    private static async Task<JsonElement> HealthAsync(UpgradeWatchServer server)
    {
        var upgrade = (await GetAsync(server, "/api/v1/upgrades")).GetProperty("items")[0].GetProperty("id").GetString();
        return (await GetAsync(server, $"/api/v1/upgrades/{upgrade}/checklist")).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("id").GetString() == "health-check");
    }

    private static async Task<JsonElement> GetAsync(UpgradeWatchServer server, string path)
    {
        using var client = new HttpClient { BaseAddress = server.Url };
        return await client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
    }

    private static DateTimeOffset Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / Interval * Interval);
}
