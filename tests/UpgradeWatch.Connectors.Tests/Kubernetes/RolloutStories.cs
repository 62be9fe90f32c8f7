using System.Text.Json.Nodes;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Upgrades;
using Phase = UpgradeWatch.Engine.Upgrades.Phase;

namespace UpgradeWatch.Connectors.Tests.Kubernetes;

/// <summary>What is rolled out in a cluster ends in the right phases, at the right times, without anybody telling.</summary>
public sealed class RolloutStories
{
    private const string Old = "3.8", New = "3.9", Newer = "3.10";

    public static TheoryData<string> Kinds => new("deployments", "statefulsets", "daemonsets", "rollouts");

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task ANewImage_OpensAnUpgrade_AndIsWatchedOnceItIsRolledOut(string kind)
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        if (IsMissing(cluster, kind)) return;
        await cluster.CreateAsync(kind, "checkout", Old);
        await using var followed = await FollowedCluster.StartAsync(cluster);

        await cluster.SetTagAsync(kind, "checkout", New);
        cluster.Begin(kind, "checkout");
        var began = await followed.InAsync(Phase.Upgrading, New);
        Assert.Equal(await cluster.NewestTemplateAtAsync(kind), began.UpgradedAt);
        Assert.Equal(Old, began.FromVersion);
        Assert.Equal("kubernetes", began.History[0].By);

        await cluster.RolledOutAsync(kind, "checkout");
        var done = await followed.InAsync(Phase.PostUpgrade, New);
        Assert.Equal(began.Id, done.Id);
        Assert.InRange(done.ObservedFrom!.Value, done.UpgradedAt!.Value, TimeProvider.System.GetUtcNow());
        Assert.Contains("checkout is rolled out and ready", done.History[^1].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task TheOldImageAgain_IsARollback_HalfwayAndAfterwards(string kind)
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        if (IsMissing(cluster, kind)) return;
        await cluster.CreateAsync(kind, "checkout", Old);
        await using var followed = await FollowedCluster.StartAsync(cluster);

        await cluster.SetTagAsync(kind, "checkout", New);
        cluster.Begin(kind, "checkout");
        var halfway = await followed.InAsync(Phase.Upgrading, New);
        await cluster.SetTagAsync(kind, "checkout", Old);
        await cluster.RolledOutAsync(kind, "checkout");
        var back = await followed.InAsync(Phase.RolledBack, New);
        Assert.Equal(halfway.Id, back.Id);

        await cluster.SetTagAsync(kind, "checkout", New);
        await cluster.RolledOutAsync(kind, "checkout");
        var again = await followed.InAsync(Phase.PostUpgrade, New);
        Assert.NotEqual(halfway.Id, again.Id);
        await cluster.SetTagAsync(kind, "checkout", Old);
        await cluster.RolledOutAsync(kind, "checkout");
        var late = await followed.InAsync(Phase.RolledBack, New);
        Assert.Equal(again.Id, late.Id);
        Assert.Contains("goes back to 3.8", late.History[^2].Reason, StringComparison.Ordinal);
        Assert.Equal(["3.8 3.9 rolled-back", "3.8 3.9 rolled-back"], await followed.AllAsync());
    }

    [Fact]
    public async Task ScalingAndRestarting_AreNoUpgrades()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        await cluster.CreateAsync("deployments", "checkout", Old);
        await using var followed = await FollowedCluster.StartAsync(cluster);

        await cluster.PatchAsync("deployments", "checkout", new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 4 } });
        await cluster.RolledOutAsync("deployments", "checkout");
        // As kubectl rollout restart does.
        await cluster.PatchAsync("deployments", "checkout", ClusterUnderTest.Template(container => container["image"] = "registry.k8s.io/pause:3.8", "checkout", meta => meta["annotations"] = new JsonObject { ["kubectl.kubernetes.io/restartedAt"] = "2026-01-01T00:00:00Z" }));
        await cluster.RolledOutAsync("deployments", "checkout");
        await cluster.PatchAsync("deployments", "checkout", new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 1 } });
        await cluster.RolledOutAsync("deployments", "checkout");

        await cluster.SetTagAsync("deployments", "checkout", New);
        await cluster.RolledOutAsync("deployments", "checkout");
        await followed.InAsync(Phase.PostUpgrade, New);
        Assert.Equal(["3.8 3.9 post-upgrade"], await followed.AllAsync());
    }

    [Fact]
    public async Task APausedRollout_BeginsWhenItIsResumed()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        await cluster.CreateAsync("deployments", "checkout", Old);
        await using var followed = await FollowedCluster.StartAsync(cluster);

        await cluster.PatchAsync("deployments", "checkout", new JsonObject { ["spec"] = new JsonObject { ["paused"] = true } });
        await cluster.SetTagAsync("deployments", "checkout", New);
        cluster.Begin("deployments", "checkout");
        await followed.Watcher!.FollowOnceAsync(default);
        Assert.Empty(await followed.AllAsync());

        await cluster.PatchAsync("deployments", "checkout", new JsonObject { ["spec"] = new JsonObject { ["paused"] = false } });
        cluster.Begin("deployments", "checkout");
        await followed.InAsync(Phase.Upgrading, New);
        await cluster.PatchAsync("deployments", "checkout", new JsonObject { ["spec"] = new JsonObject { ["paused"] = true } });
        await followed.Watcher!.FollowOnceAsync(default);
        Assert.Equal(Phase.Upgrading, followed.Upgrades.Newest("checkout")!.Phase);
    }

    [Fact]
    public async Task ASecondUpgradeBeforeTheFirstIsDone_SupersedesIt_AndIsComparedWithWhatRanBeforeBoth()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        await cluster.CreateAsync("deployments", "checkout", Old);
        await using var followed = await FollowedCluster.StartAsync(cluster);

        await cluster.SetTagAsync("deployments", "checkout", New);
        cluster.Begin("deployments", "checkout");
        await followed.InAsync(Phase.Upgrading, New);
        await cluster.SetTagAsync("deployments", "checkout", Newer);
        await cluster.RolledOutAsync("deployments", "checkout");
        await followed.InAsync(Phase.PostUpgrade, Newer);
        Assert.Equal(["3.8 3.10 post-upgrade", "3.8 3.9 aborted"], await followed.AllAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatHappenedWhileNobodyLooked_IsFoundAfterwards(bool goesBack)
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        await cluster.CreateAsync("deployments", "checkout", Old);
        await using var followed = await FollowedCluster.StartAsync(cluster);
        if (goesBack)
        {
            await cluster.SetTagAsync("deployments", "checkout", New);
            await cluster.RolledOutAsync("deployments", "checkout");
            await followed.InAsync(Phase.PostUpgrade, New);
        }

        await followed.StopAsync();
        await cluster.SetTagAsync("deployments", "checkout", goesBack ? Old : New);
        await cluster.RolledOutAsync("deployments", "checkout");
        await followed.WatchAsync();

        var found = await followed.InAsync(goesBack ? Phase.RolledBack : Phase.PostUpgrade, New);
        if (!goesBack) Assert.Equal(await cluster.NewestTemplateAtAsync("deployments"), found.UpgradedAt);
        Assert.Equal([goesBack ? "3.8 3.9 rolled-back" : "3.8 3.9 post-upgrade"], await followed.AllAsync());
    }

    [Fact]
    public async Task AnAnnouncedUpgrade_IsMoved_NotOpenedASecondTime()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        await cluster.CreateAsync("deployments", "checkout", Old);
        await using var followed = await FollowedCluster.StartAsync(cluster);
        var announced = await followed.Upgrades.BeginAsync(new BeginCommand { Target = "checkout", ToVersion = "v3.9" }, default);

        await cluster.SetTagAsync("deployments", "checkout", New);
        await cluster.RolledOutAsync("deployments", "checkout");
        var moved = await followed.InAsync(Phase.PostUpgrade, "v3.9");
        Assert.Equal(announced.Upgrade!.Id, moved.Id);
        Assert.Equal(["pre-upgrade", "upgrading", "post-upgrade"], moved.History.Select(entry => entry.Phase.ToText()));
    }

    [Fact]
    public async Task ARolloutThatTakesTooLong_StaysUnderWay_AndIsNamed()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        await cluster.CreateAsync("deployments", "checkout", Old, change: manifest => manifest["spec"]!["progressDeadlineSeconds"] = 10);
        await using var followed = await FollowedCluster.StartAsync(cluster);

        await cluster.PatchAsync("deployments", "checkout", ClusterUnderTest.Template(container => container["image"] = "registry.k8s.io/pause:does-not-exist", "checkout"));
        cluster.Begin("deployments", "checkout");
        var upgrade = await followed.InAsync(Phase.Upgrading, "does-not-exist");
        cluster.Controllers?.ExceedDeadline(cluster.Namespace, "checkout");

        HealthReport? report = null;
        await followed.LooksAsync(async () =>
        {
            report = await followed.HealthAsync(upgrade.UpgradedAt!.Value);
            return report is { Health: TargetHealth.Down } && Says(report, "does not go on") && Says(report, "ImagePullBackOff");
        });
        Assert.Equal(Phase.Upgrading, followed.Upgrades.Newest("checkout")!.Phase);
    }

    [Fact]
    public async Task AnAbortedRollout_IsARollback_AndARetryANewUpgrade()
    {
        await using var cluster = await ClusterUnderTest.SimulatedAsync();
        await cluster.CreateAsync("rollouts", "checkout", Old);
        await using var followed = await FollowedCluster.StartAsync(cluster);
        await cluster.PatchAsync("rollouts", "checkout", new JsonObject { ["spec"] = new JsonObject { ["paused"] = true } });
        await cluster.SetTagAsync("rollouts", "checkout", New);
        await cluster.RolledOutAsync("rollouts", "checkout");
        await followed.InAsync(Phase.Upgrading, New);

        cluster.Controllers!.Abort(cluster.Namespace, "checkout", "RolloutAborted: metric \"errors\" assessed Failed");
        var back = await followed.InAsync(Phase.RolledBack, New);
        Assert.Contains("assessed Failed", back.History[^2].Reason, StringComparison.Ordinal);

        await cluster.SetTagAsync("rollouts", "checkout", Newer);
        await cluster.PatchAsync("rollouts", "checkout", new JsonObject { ["spec"] = new JsonObject { ["paused"] = false } });
        await cluster.RolledOutAsync("rollouts", "checkout");
        await followed.InAsync(Phase.PostUpgrade, Newer);
        Assert.Equal(["3.8 3.10 post-upgrade", "3.8 3.9 rolled-back"], await followed.AllAsync());
    }

    [Fact]
    public async Task ADeploymentThatIsOnlyTheTemplateOfARollout_IsNotTakenForDone()
    {
        await using var cluster = await ClusterUnderTest.SimulatedAsync();
        await cluster.CreateAsync("deployments", "template", Old, replicas: 0, manifest => manifest["metadata"]!["labels"] = new JsonObject { ["app.kubernetes.io/name"] = "checkout" });
        await cluster.CreateAsync("rollouts", "checkout", Old);
        await using var followed = await FollowedCluster.StartAsync(cluster);

        await cluster.SetTagAsync("deployments", "template", New);
        await cluster.RolledOutAsync("deployments", "template");
        await cluster.SetTagAsync("rollouts", "checkout", New);
        cluster.Begin("rollouts", "checkout");
        await followed.InAsync(Phase.Upgrading, New);
        await followed.Watcher!.FollowOnceAsync(default);
        Assert.Equal(["3.8 3.9 upgrading"], await followed.AllAsync());
    }

    private static bool Says(HealthReport report, string words) => report.Troubles.Any(one => one.Contains(words, StringComparison.Ordinal));

    private static bool IsMissing(ClusterUnderTest cluster, string kind) => kind == "rollouts" && cluster.Server is null;
}
