using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Kubernetes;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.Tests.Helm.Rendering;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Helm;

/// <summary>The rights of the chart are those that the product uses: it is run with the chart's configuration, and what it asks a cluster is held against the Roles.</summary>
[Collection(ChartTests.Name)]
public sealed class RightsTests(ChartEngine chart) : IDisposable
{
    private const int Kinds = 8;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("namespaces", 3)]
    [InlineData("cluster-wide", 1)]
    public async Task It_may_do_what_it_does_and_needs_what_it_may(string set, int scopes)
    {
        var rendered = await chart.RenderSetAsync(ChartEngine.Own, set);
        using var pod = await PodConfiguration.OfServerAsync(rendered, "");
        await using var cluster = await KubeTestServer.StartAsync();
        var options = RunningServer.Options(_folder.File("store.db")) with
        {
            Kubernetes = pod.Load().Options!.Kubernetes! with { Kubeconfig = _folder.Write("kubeconfig", cluster.Kubeconfig()) },
        };

        await using var server = await RunningServer.StartAsync(options, runWorkers: true);
        using var patience = new CancellationTokenSource(TestProcess.Patience, TimeProvider.System);
        await cluster.AskedAsync(request => request.Contains("watch=", StringComparison.Ordinal), scopes * Kinds, patience.Token);

        var asked = cluster.Requests.Select(Right).ToHashSet();
        var given = rendered.Of("Role").Concat(rendered.Of("ClusterRole")).SelectMany(Rights).ToHashSet();
        Assert.Equal([], asked.Except(given));
        Assert.Equal([], given.Select(right => right with { Verb = "watch" }).Except(asked));
    }

    private static IEnumerable<Asked> Rights(JsonObject role) =>
        from rule in role["rules"]!.AsArray()
        from resource in rule["resources"]!.AsArray()
        from verb in rule["verbs"]!.AsArray()
        select new Asked((string?)role["metadata"]!["namespace"], (string)rule["apiGroups"]![0]!, (string)resource!, (string)verb!);

    // /api/v1/namespaces/shop/pods?… or /apis/apps/v1/deployments?…
    private static Asked Right(string request)
    {
        var parts = request.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var below = parts[(parts[0] == "api" ? 2 : 3)..];
        var ns = below[0] == "namespaces" ? below[1] : null;
        return new Asked(ns, parts[0] == "api" ? "" : parts[1], below[ns is null ? 0 : 2], request.Contains("watch=", StringComparison.Ordinal) ? "watch" : "list");
    }

    private sealed record Asked(string? Namespace, string Group, string Resource, string Verb);
}
