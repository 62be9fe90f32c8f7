using System.Text.Json.Nodes;
using UpgradeWatch.Connectors.Kubernetes;
using UpgradeWatch.TestKit.Kubernetes;
using Phase = UpgradeWatch.Engine.Upgrades.Phase;

namespace UpgradeWatch.Connectors.Tests.Kubernetes;

/// <summary>Whatever the API of a cluster does, nothing that is rolled out is missed, and what cannot be seen is said.</summary>
public sealed class WatchTests
{
    private const string Old = "3.8", New = "3.9";

    private static int Runs => Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1" ? 50 : 3;

    [Fact]
    public async Task EveryStory_EndsTheSame_WhateverBreaksOff()
    {
        for (var run = 1; run <= Runs; run++)
        {
            ClusterUnderTest.Chaos.Value = run == 1 ? null : new Random(run);
            var stories = new RolloutStories();
            foreach (var kind in (string[])["deployments", "statefulsets", "daemonsets", "rollouts"])
            {
                await stories.ANewImage_OpensAnUpgrade_AndIsWatchedOnceItIsRolledOut(kind);
                await stories.TheOldImageAgain_IsARollback_HalfwayAndAfterwards(kind);
            }

            await stories.ScalingAndRestarting_AreNoUpgrades();
            await stories.ASecondUpgradeBeforeTheFirstIsDone_SupersedesIt_AndIsComparedWithWhatRanBeforeBoth();
            await stories.WhatHappenedWhileNobodyLooked_IsFoundAfterwards(goesBack: false);
            await stories.WhatHappenedWhileNobodyLooked_IsFoundAfterwards(goesBack: true);
            await stories.AnAnnouncedUpgrade_IsMoved_NotOpenedASecondTime();
            await stories.ARolloutThatTakesTooLong_StaysUnderWay_AndIsNamed();
        }
    }

    [Theory]
    [InlineData("deployments", false)]
    [InlineData("deployments", true)]
    [InlineData("replicasets", false)]
    [InlineData("pods", true)]
    public async Task AWatchThatBreaksOffAtAnyEvent_GoesOnFromThere(string resource, bool inTheMiddle)
    {
        var events = int.MaxValue;
        for (var after = 0; after <= events; after++)
        {
            await using var cluster = await ClusterUnderTest.SimulatedAsync();
            await cluster.CreateAsync("deployments", "checkout", Old);
            cluster.Server!.Faults.SendsBookmarks = after % 2 == 0;
            await using var followed = await FollowedCluster.StartAsync(cluster, watches: false);
            cluster.Server!.Faults.Drop(resource, after, inTheMiddle);
            await followed.WatchAsync();
            var isWatch = (string request) => request.Contains($"/{resource}?watch=true", StringComparison.Ordinal);
            await cluster.Server!.AskedAsync(isWatch, 1, default);
            var before = cluster.Server.Store.Version;

            await cluster.SetTagAsync("deployments", "checkout", New);
            await cluster.RolledOutAsync("deployments", "checkout");
            await followed.InAsync(Phase.PostUpgrade, New);
            Assert.Equal(["3.8 3.9 post-upgrade"], await followed.AllAsync());
            var lists = cluster.Server.Requests.Count(request => request.Contains($"/{resource}?limit=", StringComparison.Ordinal));
            Assert.Equal(1, lists);
            events = cluster.Server.Store.After(before)!.Count(change => change.Changed.Resource == resource);
            Assert.NotEqual(0, events);
            using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
            await cluster.Server.AskedAsync(isWatch, after < events ? 2 : 1, enough.Token);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AVersionThatIsGone_IsListedAgain(bool inStream)
    {
        await using var cluster = await ClusterUnderTest.SimulatedAsync();
        await cluster.CreateAsync("deployments", "checkout", Old);
        await using var followed = await FollowedCluster.StartAsync(cluster);
        var server = cluster.Server!;
        (server.Faults.TellsExpiryInStream, server.Faults.SendsBookmarks) = (inStream, false);

        server.Faults.IsDown = true;
        server.DropWatches();
        server.Faults.IsDown = false;
        server.Store.Delete("pods", "shop", "nobody");
        await cluster.SetTagAsync("deployments", "checkout", New);
        server.Store.Compact();
        server.DropWatches();
        await cluster.RolledOutAsync("deployments", "checkout");
        await followed.InAsync(Phase.PostUpgrade, New);
        Assert.True(server.Requests.Count(request => request.Contains("/deployments?limit=", StringComparison.Ordinal)) >= 2);
    }

    [Fact]
    public async Task Bookmarks_KeepAQuietWatchFromGrowingTooOld()
    {
        await using var cluster = await ClusterUnderTest.SimulatedAsync();
        await cluster.CreateAsync("deployments", "checkout", Old);
        await using var followed = await FollowedCluster.StartAsync(cluster);
        var server = cluster.Server!;
        // Others change; of the DaemonSets there is nothing but a bookmark.
        await cluster.CreateAsync("deployments", "other", Old);
        var version = server.Store.Version;
        server.Store.Put("pods", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "last", ["namespace"] = "shop", ["uid"] = "u" } });
        await cluster.SetTagAsync("deployments", "checkout", New);
        await cluster.RolledOutAsync("deployments", "checkout");
        await followed.InAsync(Phase.PostUpgrade, New);
        server.DropWatches();
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        await server.AskedAsync(request => WatchedFrom(request, "daemonsets") > version, 1, enough.Token);
    }

    [Fact]
    public async Task LongLists_ComeInPages_AndBeginAgainWhenAPageIsTooOld()
    {
        await using var cluster = await ClusterUnderTest.SimulatedAsync();
        await cluster.CreateAsync("deployments", "checkout", Old);
        for (var i = 0; i < 600; i++) CreateReplicaSet(cluster, i);
        cluster.Server!.Faults.Answer(410, "Expired", "The provided continue parameter is too old to display a consistent list result.", of: request => request.Contains("/replicasets?", StringComparison.Ordinal) && request.Contains("continue=", StringComparison.Ordinal));
        await using var followed = await FollowedCluster.StartAsync(cluster);
        var pages = cluster.Server.Requests.Where(request => request.Contains("/replicasets?limit=", StringComparison.Ordinal)).ToList();
        Assert.Equal([false, true, false, true, true], pages.Select(page => page.Contains("continue=", StringComparison.Ordinal)));

        await cluster.SetTagAsync("deployments", "checkout", New);
        await cluster.RolledOutAsync("deployments", "checkout");
        await followed.InAsync(Phase.PostUpgrade, New);
    }

    [Fact]
    public async Task ATokenThatIsRotated_IsReadAgain()
    {
        await using var cluster = await ClusterUnderTest.SimulatedAsync();
        await cluster.CreateAsync("deployments", "checkout", Old);
        using var folder = new TestKit.Processes.TempFolder();
        await File.WriteAllTextAsync(folder.File("kubeconfig"), cluster.Server!.Kubeconfig());
        await using var followed = await FollowedCluster.StartAsync(cluster, watches: false);
        await followed.WatchAsync(new KubernetesOptions { Kubeconfig = folder.File("kubeconfig") });

        cluster.Server.Faults.Token = "rotated";
        cluster.Server.DropWatches();
        await followed.LooksAsync(() => Task.FromResult(followed.Watcher!.Problems.Any(one => one.Contains("401", StringComparison.Ordinal))));
        Assert.Null(await followed.HealthAsync(default));

        await File.WriteAllTextAsync(folder.File("kubeconfig"), cluster.Server.Kubeconfig("rotated"));
        await followed.LooksAsync(() => Task.FromResult(followed.Watcher!.Problems.Count == 0));
        Assert.DoesNotContain("rotated", string.Join(' ', followed.Watcher!.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhileTheApiIsAway_NothingIsSaidToBeWell_AndAfterwardsItIsCaughtUp()
    {
        await using var cluster = await ClusterUnderTest.SimulatedAsync();
        await cluster.CreateAsync("deployments", "checkout", Old);
        await using var followed = await FollowedCluster.StartAsync(cluster);
        Assert.NotNull(await followed.HealthAsync(default));

        cluster.Server!.Faults.IsDown = true;
        cluster.Server.DropWatches();
        await followed.LooksAsync(async () => await followed.HealthAsync(default) is null);
        Assert.Contains("Kubernetes at http://127.0.0.1", string.Join(' ', followed.Watcher!.Problems), StringComparison.Ordinal);

        var deployment = cluster.Server.Store.Find("deployments", "shop", "checkout")!;
        deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "registry.k8s.io/pause:3.9";
        deployment["metadata"]!["generation"] = 2;
        cluster.Server.Store.Put("deployments", deployment);
        cluster.Controllers!.Run("deployments", "shop", "checkout");
        cluster.Server.Faults.IsDown = false;
        await followed.InAsync(Phase.PostUpgrade, New);
        await followed.LooksAsync(async () => followed.Watcher!.Problems.Count == 0 && await followed.HealthAsync(default) is not null);
    }

    [Fact]
    public async Task AnApiThatAsksToBeLeftAlone_IsAskedAgainAfterwards()
    {
        await using var cluster = await ClusterUnderTest.SimulatedAsync();
        await cluster.CreateAsync("deployments", "checkout", Old);
        cluster.Server!.Faults.Answer(429, "TooManyRequests", "the server has received too many requests and has asked us to try again later", times: 8, retryAfter: 1);
        cluster.Server.Faults.Answer(500, "InternalError", "etcdserver: request timed out", times: 4);
        await using var followed = await FollowedCluster.StartAsync(cluster);
        Assert.Equal(0, cluster.Server.Faults.Left);
        await cluster.SetTagAsync("deployments", "checkout", New);
        await cluster.RolledOutAsync("deployments", "checkout");
        await followed.InAsync(Phase.PostUpgrade, New);
    }

    [Fact]
    public async Task WithoutTheRightToSeePods_RolloutsAreFollowed_AndHealthIsNotKnown()
    {
        await using var cluster = await ClusterUnderTest.SimulatedAsync();
        await cluster.CreateAsync("deployments", "checkout", Old);
        cluster.Server!.Faults.Forbidden.Add("pods");
        cluster.Server.Faults.Missing.Add("rollouts");
        await using var followed = await FollowedCluster.StartAsync(cluster);
        await cluster.SetTagAsync("deployments", "checkout", New);
        await cluster.RolledOutAsync("deployments", "checkout");
        await followed.InAsync(Phase.PostUpgrade, New);

        Assert.Null(await followed.HealthAsync(default));
        var problem = Assert.Single(followed.Watcher!.Problems);
        Assert.Contains("403", problem, StringComparison.Ordinal);
        Assert.Contains("cannot list resource \"pods\"", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public async Task AClockThatIsWrong_IsNamed_AndItsTimesAreCorrected(int seconds)
    {
        await using var cluster = await ClusterUnderTest.SimulatedAsync();
        var skewed = new KubeControllers(cluster.Server!.Store, new SkewedTime(TimeSpan.FromSeconds(seconds)));
        await cluster.CreateAsync("deployments", "checkout", Old);
        cluster.Server.Faults.Skew = TimeSpan.FromSeconds(seconds);
        await using var followed = await FollowedCluster.StartAsync(cluster);
        Assert.Contains("clock of Kubernetes", Assert.Single(followed.Watcher!.Notes), StringComparison.Ordinal);

        var before = TimeProvider.System.GetUtcNow();
        await cluster.SetTagAsync("deployments", "checkout", New);
        skewed.Run("deployments", "shop", "checkout");
        var done = await followed.InAsync(Phase.PostUpgrade, New);
        Assert.InRange(done.UpgradedAt!.Value, before.AddSeconds(-10), before.AddSeconds(10));
        Assert.InRange(done.ObservedFrom!.Value, before.AddSeconds(-10), before.AddSeconds(10));
    }

    private static void CreateReplicaSet(ClusterUnderTest cluster, int number)
    {
        var owner = new JsonObject { ["kind"] = "Deployment", ["name"] = $"other-{number}", ["uid"] = $"other-{number}", ["controller"] = true };
        cluster.Server!.Store.Put("replicasets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = $"other-{number}-abc", ["namespace"] = "shop", ["uid"] = $"set-{number}", ["creationTimestamp"] = "2026-01-01T00:00:00Z", ["ownerReferences"] = new JsonArray(owner) },
        });
    }

    private static long WatchedFrom(string request, string resource)
    {
        const string Parameter = "resourceVersion=";
        if (!request.Contains($"/{resource}?watch=true", StringComparison.Ordinal)) return -1;
        var digits = request[(request.IndexOf(Parameter, StringComparison.Ordinal) + Parameter.Length)..].TakeWhile(char.IsAsciiDigit).ToArray();
        return long.Parse(digits);
    }

    private sealed class SkewedTime(TimeSpan skew) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + skew;
    }
}
