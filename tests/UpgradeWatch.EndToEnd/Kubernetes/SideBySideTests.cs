using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Kubernetes;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.EndToEnd.Kubernetes;

/// <summary>A canary beside old pods: what happens to both is not held against the new version, and what happens to it alone is found.</summary>
public sealed class SideBySideTests
{
    private const int Interval = 15, OldPods = 9, Requests = 100;

    [Theory]
    [InlineData(0.05, 0.05, "deployments")]
    [InlineData(0.01, 0.08, "deployments")]
    [InlineData(0.05, 0.05, "statefulsets")]
    [InlineData(0.01, 0.08, "statefulsets")]
    [InlineData(0.05, 0.05, "a metric")]
    [InlineData(0.01, 0.08, "a metric")]
    public async Task OldAndNewInstances_AreComparedAtTheSameTime(double oldErrors, double newErrors, string told)
    {
        var end = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds() / Interval * Interval);
        var began = end.AddMinutes(-20);
        await using var cluster = await KubeTestServer.StartAsync();
        cluster.Faults.Missing.Add("rollouts");
        var (oldSet, newSet) = RollOut(cluster, told == "statefulsets" ? told : "deployments", began);
        await using var prometheus = new PrometheusServer();
        await prometheus.ImportBlocksAsync(writer => Write(writer, end, began, told == "statefulsets", oldSet, newSet, oldErrors, newErrors));
        await prometheus.StartAsync();

        using var folder = new TempFolder();
        await using var server = await UpgradeWatchServer.StartNewAsync($$"""
            prometheus: { url: "{{prometheus.Url}}" }
            {{(told == "a metric" ? "" : $"kubernetes: {{ kubeconfig: \"{folder.Write("kubeconfig", cluster.Kubeconfig())}\" }}")}}
            evaluation: { intervalSeconds: 1, historySeconds: 7200, baselineSeconds: 3000 }
            targets:
              - name: checkout
                profile: custom
                {{(told == "a metric" ? "versionMetric: checkout_build_info" : "")}}
                labels: { namespace: shop, job: checkout }
                slis: [ { name: errors, kind: ratio, errors: 'http_requests_total{code="500"}', total: http_requests_total, critical: true } ]
            """);

        JsonElement finding = default;
        await Readiness.UntilAsync(
            async () => await FindingAsync(server) is { } found && (finding = found).GetProperty("reason").GetString()!.Contains("at the same time", StringComparison.Ordinal),
            () => null, () => $"{finding}\n{server.Output}", default);
        var reason = finding.GetProperty("reason").GetString()!;
        if (oldErrors == newErrors)
        {
            Assert.DoesNotContain(finding.GetProperty("status").GetString(), (string[])["fail", "warn"]);
            Assert.Contains("the old instances do the same at the same time, so it is not held against the new version", reason, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("fail", finding.GetProperty("status").GetString());
            Assert.Contains("So it is compared with the old instances at the same time.", reason, StringComparison.Ordinal);
        }
    }

    // One of the new pods runs beside all but one of the old ones, and the roll-out is held there.
    private static (string Old, string New) RollOut(KubeTestServer cluster, string resource, DateTimeOffset began)
    {
        var controllers = new KubeControllers(cluster.Store, new SetTime(began.AddDays(-1)));
        var deployment = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "checkout", ["namespace"] = "shop", ["uid"] = "d1", ["generation"] = 1L },
            ["spec"] = new JsonObject { ["replicas"] = OldPods + 1, ["template"] = Template("checkout:1.0") },
        };
        cluster.Store.Put(resource, deployment);
        controllers.Run(resource, "shop", "checkout");
        deployment = cluster.Store.Find(resource, "shop", "checkout")!;
        deployment["spec"]!["template"] = Template("checkout:2.0");
        deployment["metadata"]!["generation"] = 2L;
        cluster.Store.Put(resource, deployment);
        new KubeControllers(cluster.Store, new SetTime(began)).Run(resource, "shop", "checkout", 1);
        var sets = cluster.Store.List(resource == "deployments" ? "replicasets" : "controllerrevisions", "shop").Objects.Select(one => JsonNode.Parse(one)!).OrderBy(one => (string)one["metadata"]!["creationTimestamp"]!).Select(one => (string)one["metadata"]!["name"]!).ToList();
        return (sets[0], sets[1]);
    }

    private static JsonObject Template(string image) => new() { ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "checkout", ["image"] = image }) } };

    private static void Write(OpenMetricsWriter writer, DateTimeOffset end, DateTimeOffset began, bool keepNames, string oldSet, string newSet, double oldErrors, double newErrors)
    {
        const string Letters = "bcdfghjklmnpqrstvwxz2456789";
        var random = new Random(7);
        var pods = Enumerable.Range(0, OldPods).Select(i => (Name: keepNames ? $"checkout-{i}" : $"{oldSet}-abcd{Letters[i * 3]}", IsNew: false))
            .Append((Name: keepNames ? $"checkout-{OldPods}" : $"{newSet}-bcdfg", IsNew: true)).ToList();
        var counts = pods.ToDictionary(pod => pod.Name, _ => (Good: 0.0, Bad: 0.0));
        for (var at = end.AddMinutes(-80); at <= end; at = at.AddSeconds(Interval))
        {
            foreach (var (name, isNew) in pods.Where(pod => keepNames || !pod.IsNew || at >= began))
            {
                var share = at < began ? 0.01 : isNew ? newErrors : oldErrors;
                var bad = Enumerable.Range(0, Requests).Count(_ => random.NextDouble() < share);
                // A pod that keeps its name begins to count anew.
                if (keepNames && isNew && at == began) counts[name] = (0, 0);
                counts[name] = (counts[name].Good + Requests - bad, counts[name].Bad + bad);
                var labels = OpenMetricsWriter.Labels(("namespace", "shop"), ("job", "checkout"), ("pod", name), ("instance", $"{name}:8080"));
                writer.Sample("up", labels, at, 1);
                if (keepNames) writer.Sample("kube_pod_labels", OpenMetricsWriter.Labels(("namespace", "shop"), ("job", "kube-state-metrics"), ("pod", name), ("label_controller_revision_hash", isNew && at >= began ? newSet : oldSet)), at, 1);
                writer.Sample("checkout_build_info", $"{labels},version=\"{(isNew ? "2.0" : "1.0")}\"", at, 1);
                writer.Sample("http_requests_total", $"{labels},code=\"200\"", at, counts[name].Good);
                writer.Sample("http_requests_total", $"{labels},code=\"500\"", at, counts[name].Bad);
            }
        }
    }

    private static async Task<JsonElement?> FindingAsync(UpgradeWatchServer server)
    {
        using var client = new HttpClient { BaseAddress = server.Url };
        using var answer = await client.GetAsync(new Uri("/api/v1/targets/checkout/verdict", UriKind.Relative));
        if (!answer.IsSuccessStatusCode) return null;
        var findings = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("findings").EnumerateArray().Where(one => one.GetProperty("sli").GetString() == "errors").ToList();
        return findings.Count == 0 ? null : findings[0];
    }

    private sealed class SetTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
