using System.Globalization;
using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Kubernetes;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Benchmarks.Kubernetes;

/// <summary>What watching a cluster costs the executable that UPGRADEWATCH_EXECUTABLE names: memory and processor time, by the number of pods.</summary>
internal static class ClusterTable
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "cluster";

    private const int Changes = 10_000;

    // As large as pods are: most of it is what nobody here reads.
    private static readonly string Ballast = new('x', 5000);

    public static async Task PrintAsync(TextWriter output)
    {
        output.WriteLine($"Watching a cluster ({UpgradeWatchExecutable.Path}): working set and processor time");
        double? empty = null;
        foreach (var pods in (int[])[0, 1000, 10_000])
        {
            await using var cluster = await KubeTestServer.StartAsync();
            for (var i = 0; i < pods; i++) Put(cluster, i, 0);
            using var folder = new TempFolder();
            await using var server = await UpgradeWatchServer.StartNewAsync($$"""
                prometheus: { url: "http://127.0.0.1:{{FreePort.Next()}}" }
                kubernetes: { kubeconfig: "{{folder.Write("kubeconfig", cluster.Kubeconfig())}}" }
                targets: [ { name: checkout, labels: { namespace: shop } } ]
                """);
            await cluster.AskedAsync(request => request.Contains("watch=true", StringComparison.Ordinal), 8, CancellationToken.None);
            await QuietAsync(server);
            var (bytes, seconds) = await MeasureAsync(server);
            empty ??= bytes;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {pods,6} pods: {bytes / 1e6:0.0} MB, {bytes / empty.Value:0.00} times that of none, {seconds:0.00} s of processor time since the start"));
            if (pods == 0) continue;

            for (var i = 0; i < Changes; i++) Put(cluster, i % pods, i + 1);
            await QuietAsync(server);
            var (after, then) = await MeasureAsync(server);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"         {Changes} changes of them: {(then - seconds) / Changes * 1e6:0} us each, then {after / 1e6:0.0} MB"));
        }

        output.WriteLine();
    }

    private static void Put(KubeTestServer cluster, int number, int restarts) => cluster.Store.Put("pods", new JsonObject
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = $"checkout-7d9f8b6c5-{number:00000}",
            ["namespace"] = "shop",
            ["uid"] = $"pod-{number}",
            ["creationTimestamp"] = "2026-01-01T00:00:00Z",
            ["labels"] = new JsonObject { ["pod-template-hash"] = "7d9f8b6c5" },
            ["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = "ReplicaSet", ["name"] = "checkout-7d9f8b6c5", ["uid"] = $"set-{number / 100}", ["controller"] = true }),
            ["managedFields"] = new JsonArray(new JsonObject { ["fieldsV1"] = Ballast }),
        },
        ["status"] = new JsonObject
        {
            ["phase"] = "Running",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["lastTransitionTime"] = "2026-01-01T00:01:00Z" }),
            ["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = "app", ["restartCount"] = restarts, ["state"] = new JsonObject { ["running"] = new JsonObject() } }),
        },
    });

    // All has been taken in when it has nothing more to do.
    private static async Task QuietAsync(UpgradeWatchServer server)
    {
        var (_, before) = await MeasureAsync(server);
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            var (_, now) = await MeasureAsync(server);
            if (now - before < 0.05) return;
            before = now;
        }
    }

    private static async Task<(double Bytes, double Seconds)> MeasureAsync(UpgradeWatchServer server)
    {
        using var client = new HttpClient { BaseAddress = server.MetricsUrl };
        var text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return (Value(text, "process_working_set_bytes "), Value(text, "process_cpu_seconds_total "));
    }

    private static double Value(string text, string name) =>
        double.Parse(text.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..], CultureInfo.InvariantCulture);
}
