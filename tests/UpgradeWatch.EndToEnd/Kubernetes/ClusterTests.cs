using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using UpgradeWatch.EndToEnd.KillTests;
using UpgradeWatch.TestKit.Kubernetes;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.Kubernetes;

/// <summary>The executable beside a cluster: nobody tells it anything, and it has no metrics to go by.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private KubeTestServer _cluster = null!;
    private KubeControllers _controllers = null!;
    private UpgradeWatchServer _server = null!;
    private EventFollower _events = null!;

    [Fact]
    public async Task ACrashLoop_FlagsTheHealthCheck_WithPodContainerExitCodeAndLastMessage_UntilItIsOver()
    {
        SetImage("checkout:2.0", "exit 3");
        _controllers.Run("deployments", "shop", "checkout");
        await SeesAsync("phase", "upgrading", "upgrading");
        await SeesAsync("checklist", "health-check", "flagged");
        var item = await ItemAsync();
        Assert.Matches("^Pod checkout-[a-z0-9-]+, container checkout, crashes again and again [(]CrashLoopBackOff, restart 4[)]; it ended last with exit code 3, last message \"panic: boom\"[.]$", item.GetProperty("finding").GetString());

        var (exitCode, text, _) = await _server.CommandAsync("checklist", "list", "--target", "checkout");
        Assert.Equal(0, exitCode);
        Assert.Contains("exit code 3", text, StringComparison.Ordinal);

        SetImage("checkout:2.1", null);
        _controllers.Run("deployments", "shop", "checkout");
        await SeesAsync("phase", "post-upgrade", "post-upgrade");
        await SeesAsync("checklist", "health-check", "done");
        var upgrades = (await GetAsync("/api/v1/upgrades")).GetProperty("items").EnumerateArray().Select(one => $"{one.GetProperty("fromVersion")} {one.GetProperty("toVersion")} {one.GetProperty("phase")}");
        Assert.Equal(["1.0 2.1 post-upgrade", "1.0 2.0 aborted"], upgrades);
    }

    [Fact]
    public async Task KilledInTheMiddle_ItGoesOnWhereItWas()
    {
        SetImage("checkout:2.0", null);
        _controllers.Run("deployments", "shop", "checkout", 1);
        await SeesAsync("phase", "upgrading", "upgrading");
        await _server.KillAsync();
        _controllers.Run("deployments", "shop", "checkout");
        await _server.StartAsync();
        await _events.ResumeAsync();
        await SeesAsync("phase", "post-upgrade", "post-upgrade");
        Assert.Single((await GetAsync("/api/v1/upgrades")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task TheStatusAndTheLiveCheck_SayWhatMayNotBeRead()
    {
        var (_, good, _) = await CheckAsync();
        Assert.Contains("kubernetes: answers, and everything that is watched may be read", good, StringComparison.Ordinal);
        Assert.Contains("checkout: Deployment shop/checkout runs 1.0", good, StringComparison.Ordinal);
        Assert.Equal("ok", (await DependencyAsync()).GetProperty("state").GetString());

        _cluster.Faults.Forbidden.Add("pods");
        _cluster.DropWatches();
        var (exitCode, bad, _) = await CheckAsync();
        Assert.NotEqual(0, exitCode);
        Assert.Contains("answered 403 \"pods is forbidden: User", bad, StringComparison.Ordinal);
        await _server.WaitForLineAsync("pods of Kubernetes cannot be watched");
        var dependency = await DependencyAsync();
        Assert.Equal("failing", dependency.GetProperty("state").GetString());
        Assert.Contains("pods is forbidden", dependency.GetProperty("lastError").GetString(), StringComparison.Ordinal);
    }

    public async Task InitializeAsync()
    {
        _cluster = await KubeTestServer.StartAsync();
        _cluster.Faults.Missing.Add("rollouts");
        _controllers = new KubeControllers(_cluster.Store, TimeProvider.System);
        SetImage("checkout:1.0", null);
        _controllers.Run("deployments", "shop", "checkout");
        var kubeconfig = _folder.Write("kubeconfig", _cluster.Kubeconfig());
        _server = await UpgradeWatchServer.StartNewAsync($$"""
            prometheus: { url: "http://127.0.0.1:{{FreePort.Next()}}" }
            kubernetes: { kubeconfig: "{{kubeconfig}}" }
            evaluation: { intervalSeconds: 1 }
            targets: [ { name: checkout, labels: { namespace: shop } } ]
            """);
        _events = new EventFollower(_server.Url);
        await _events.ResumeAsync();

        // What was there before is known once all kinds have been listed and are watched.
        using var enough = new CancellationTokenSource(TestProcess.Patience, TimeProvider.System);
        await _cluster.AskedAsync(request => request.Contains("watch=true", StringComparison.Ordinal), 7, enough.Token);
    }

    public async Task DisposeAsync()
    {
        _events.Dispose();
        await _server.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    private void SetImage(string image, string? command)
    {
        var container = new JsonObject { ["name"] = "checkout", ["image"] = image };
        if (command is not null) container["command"] = new JsonArray("/bin/sh", "-c", command);
        var deployment = _cluster.Store.Find("deployments", "shop", "checkout") ?? new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "checkout", ["namespace"] = "shop", ["uid"] = "d1", ["generation"] = 0L },
            ["spec"] = new JsonObject { ["replicas"] = 2 },
        };
        deployment["spec"]!["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray(container) } };
        deployment["metadata"]!["generation"] = (long)deployment["metadata"]!["generation"]! + 1;
        _cluster.Store.Put("deployments", deployment);
    }

    private async Task SeesAsync(string type, string subject, string state)
    {
        var there = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(SeenEvent? arrived)
        {
            if (_events.Seen.Any(one => one.Type == type && one.Subject == subject && one.State == state)) there.TrySetResult();
        }

        _events.Arrived += Look;
        Look(null);
        try
        {
            await there.Task.WaitAsync(TestProcess.Patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{type} {subject} {state} was not seen, but {string.Join(", ", _events.Seen)}\n{_server.Output}");
        }

        _events.Arrived -= Look;
    }

    private async Task<JsonElement> ItemAsync() =>
        (await GetAsync($"/api/v1/upgrades/{_events.Seen[0].UpgradeId}/checklist")).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("id").GetString() == "health-check");

    private async Task<JsonElement> DependencyAsync() => (await GetAsync("/api/v1/status")).GetProperty("dependencies").GetProperty("kubernetes");

    private Task<(int ExitCode, string StandardOutput, string Output)> CheckAsync() => UpgradeWatchExecutable.RunAsync("config", "check", _server.ConfigFile, "--live");

    private async Task<JsonElement> GetAsync(string path)
    {
        using var client = new HttpClient { BaseAddress = _server.Url };
        return await client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
    }
}
