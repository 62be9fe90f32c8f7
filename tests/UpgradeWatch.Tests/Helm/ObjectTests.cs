using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UpgradeWatch.Tests.Helm.Rendering;

namespace UpgradeWatch.Tests.Helm;

/// <summary>What holds for every object that the chart makes, whatever the values.</summary>
[Collection(ChartTests.Name)]
public sealed partial class ObjectTests(ChartEngine chart)
{
    private static readonly string[] ClusterWide = ["ClusterAnalysisTemplate", "ClusterRole", "ClusterRoleBinding"];
    private static readonly string[] Stable = ["app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component", "upgradewatch.io/sidecar"];

    public static TheoryData<string, string> Everything => ChartTests.Everything;

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Kubernetes_knows_every_field(string engine, string set)
    {
        var rendered = await chart.RenderSetAsync(engine, set);

        Assert.True(rendered.Objects.Count >= 5);
        Assert.Empty(rendered.Objects.SelectMany(KubernetesModels.Mistakes));
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Names_are_good_and_used_once(string engine, string set)
    {
        var rendered = await chart.RenderSetAsync(engine, set);

        foreach (var one in rendered.Objects)
        {
            Assert.Matches(Label(), (string)one["metadata"]!["name"]!);
            if (ClusterWide.Contains((string)one["kind"]!)) Assert.Null(one["metadata"]!["namespace"]);
            else Assert.Matches(Label(), (string)one["metadata"]!["namespace"]!);
        }

        Assert.Equal(rendered.Objects.Count, rendered.Objects.Select(RenderedChart.Name).Distinct().Count());
        foreach (var (_, _, spec) in rendered.Pods)
        {
            var names = spec["volumes"]!.AsArray().Select(volume => (string)volume!["name"]!).ToList();
            Assert.All(names, name => Assert.Matches(Label(), name));
            Assert.Equal(names.Count, names.Distinct().Count());
            Assert.All(RenderedChart.Containers(spec), one => Assert.All(one["volumeMounts"]?.AsArray() ?? [], mount => Assert.Contains((string)mount!["name"]!, names)));
            Assert.All(RenderedChart.Containers(spec), one => Assert.All(one["volumeMounts"]?.AsArray() ?? [], mount => Assert.Null(mount!["subPath"])));
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Labels_are_those_that_Kubernetes_recommends(string engine, string set)
    {
        var rendered = await chart.RenderSetAsync(engine, set);

        foreach (var one in rendered.Objects.Where(one => one["metadata"]!["labels"] is not null || !ChartPaths.IsSidecar(set)))
        {
            var labels = one["metadata"]!["labels"]!.AsObject();
            Assert.Equal(set == "namespaces" ? "uw" : "upgradewatch", (string)labels["app.kubernetes.io/name"]!);
            Assert.Equal("watch", (string)labels["app.kubernetes.io/instance"]!);
            Assert.Equal("upgradewatch", (string)labels["app.kubernetes.io/part-of"]!);
            Assert.Equal("Helm", (string)labels["app.kubernetes.io/managed-by"]!);
            Assert.Contains((string)labels["app.kubernetes.io/component"]!, (string[])["server", "dashboards", "alerts", "analysis", "test"]);
            Assert.Matches(@"^\d+\.\d+\.\d+$", (string)labels["app.kubernetes.io/version"]!);
            Assert.Matches(@"^upgradewatch-\d+\.\d+\.\d+$", (string)labels["helm.sh/chart"]!);
            Assert.All(labels, label => Assert.Matches(LabelValue(), (string)label.Value!));
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Selectors_find_the_pods_that_serve_and_no_others(string engine, string set)
    {
        var rendered = await chart.RenderSetAsync(engine, set);
        var server = rendered.ServerPod.Metadata["labels"]!.AsObject();
        var others = rendered.Pods.Where(pod => pod.Metadata != rendered.ServerPod.Metadata).Select(pod => pod.Metadata["labels"]!.AsObject()).ToList();

        List<JsonObject> selectors =
        [
            rendered.One("Service")["spec"]!["selector"]!.AsObject(),
            .. rendered.Of("NetworkPolicy").Select(one => one["spec"]!["podSelector"]!["matchLabels"]!.AsObject()),
            .. rendered.Of("PodDisruptionBudget").Concat(rendered.Of("PodMonitor")).Select(one => one["spec"]!["selector"]!["matchLabels"]!.AsObject()),
        ];
        if (!ChartPaths.IsSidecar(set)) selectors.Add(rendered.One("Deployment")["spec"]!["selector"]!["matchLabels"]!.AsObject());

        Assert.All(selectors, selector =>
        {
            Assert.True(Selects(selector, server));
            Assert.DoesNotContain(others, other => Selects(selector, other));
            Assert.All(selector, label => Assert.Contains(label.Key, Stable));
        });
        Assert.All(rendered.Of("ServiceMonitor"), one => Assert.True(Selects(one["spec"]!["selector"]!["matchLabels"]!.AsObject(), rendered.One("Service")["metadata"]!["labels"]!.AsObject())));
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Ports_are_named_and_probes_ask_that_of_the_metrics(string engine, string set)
    {
        var rendered = await chart.RenderSetAsync(engine, set);
        var ports = rendered.Server["ports"]!.AsArray().ToDictionary(port => (string)port!["name"]!, port => (int)port!["containerPort"]!);
        var service = rendered.One("Service")["spec"]!["ports"]!.AsArray();
        var all = RenderedChart.Containers(rendered.ServerPod.Spec).SelectMany(one => one["ports"]?.AsArray() ?? []).Select(port => (string)port!["name"]!).ToList();

        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(set == "no-grafana" ? 9090 : 9464, ports["uw-metrics"]);
        Assert.All(service, port => Assert.Contains((string)port!["targetPort"]!, ports.Keys));
        Assert.Equal(ports.Count, service.Count);
        foreach (var (probe, path) in (ReadOnlySpan<(string, string)>)[("startupProbe", "/startupz"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz")])
        {
            if (ChartPaths.IsSidecar(set) && probe != "livenessProbe")
            {
                Assert.Null(rendered.Server[probe]);
                continue;
            }

            Assert.Equal(path, (string)rendered.Server[probe]!["httpGet"]!["path"]!);
            Assert.Equal("uw-metrics", (string)rendered.Server[probe]!["httpGet"]!["port"]!);
        }

        foreach (var monitor in rendered.Of("PodMonitor")) Assert.Contains((string)monitor["spec"]!["podMetricsEndpoints"]![0]!["port"]!, ports.Keys);
        foreach (var monitor in rendered.Of("ServiceMonitor")) Assert.Contains((string)monitor["spec"]!["endpoints"]![0]!["port"]!, service.Select(port => (string)port!["name"]!));
        foreach (var port in rendered.Of("Ingress").SelectMany(one => one["spec"]!["rules"]!.AsArray()).Select(rule => rule!["http"]!["paths"]![0]!["backend"]!["service"]!["port"]!["name"]!))
            Assert.Contains((string)port!, service.Select(one => (string)one!["name"]!));
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Rights_are_to_read_what_is_watched_and_nothing_else(string engine, string set)
    {
        var rendered = await chart.RenderSetAsync(engine, set);
        var account = (string)rendered.ServerPod.Spec["serviceAccountName"]!;

        foreach (var rule in rendered.Of("Role").Concat(rendered.Of("ClusterRole")).SelectMany(role => role["rules"]!.AsArray()))
        {
            Assert.Equal(["get", "list", "watch"], rule!["verbs"]!.AsArray().Select(verb => (string)verb!));
            Assert.Equal(
                (string)rule["apiGroups"]!.AsArray().Single()! switch
                {
                    "" => ["pods", "events"],
                    "apps" => ["deployments", "statefulsets", "daemonsets", "replicasets", "controllerrevisions"],
                    "argoproj.io" => ["rollouts"],
                    _ => [],
                },
                rule["resources"]!.AsArray().Select(resource => (string)resource!).ToArray());
        }

        foreach (var binding in rendered.Of("RoleBinding").Concat(rendered.Of("ClusterRoleBinding")))
        {
            var role = (string)binding["roleRef"]!["kind"]!;
            Assert.Contains(rendered.Of(role), one => (string)one["metadata"]!["name"]! == (string)binding["roleRef"]!["name"]! && (string?)one["metadata"]!["namespace"] == (string?)binding["metadata"]!["namespace"]);
            Assert.Equal((account, "monitoring"), ((string)binding["subjects"]![0]!["name"]!, (string)binding["subjects"]![0]!["namespace"]!));
        }

        Assert.All(rendered.Of("ServiceAccount"), one => Assert.Equal((account, false), ((string)one["metadata"]!["name"]!, (bool)one["automountServiceAccountToken"]!)));
        Assert.Equal(rendered.Of("Role").Count(), rendered.Of("RoleBinding").Count());
        Assert.Equal(rendered.Of("ClusterRole").Count(), rendered.Of("ClusterRoleBinding").Count());
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task No_secret_is_made_or_comes_by_the_environment(string engine, string set)
    {
        var rendered = await chart.RenderSetAsync(engine, set);

        Assert.Empty(rendered.Of("Secret"));
        Assert.All(rendered.Pods.SelectMany(pod => RenderedChart.Containers(pod.Spec)), one =>
        {
            Assert.Null(one["envFrom"]);
            Assert.All(one["env"]?.AsArray() ?? [], variable => Assert.Null(variable!["valueFrom"]?["secretKeyRef"]));
        });
    }

    private static bool Selects(JsonObject selector, JsonObject labels) => selector.All(label => JsonNode.DeepEquals(labels[label.Key], label.Value));

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex Label();

    [GeneratedRegex("^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$")]
    private static partial Regex LabelValue();
}
