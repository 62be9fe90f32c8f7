using System.Text.Json;
using UpgradeWatch.Connectors.Kubernetes.Api;
using UpgradeWatch.Connectors.Kubernetes.Health;
using UpgradeWatch.Connectors.Kubernetes.Watching;
using UpgradeWatch.Engine.Checklists;

namespace UpgradeWatch.Connectors.Tests.Kubernetes;

public sealed class PodHealthTests
{
    private static readonly DateTimeOffset Upgraded = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Upgraded.AddMinutes(10);

    [Fact]
    public void ReadyPods_AreWell() => Assert.Equal(TargetHealth.Up, Judge(Pod("", "True", 5)).Health);

    [Fact]
    public void NoPodThatIsReadyYet_IsNotKnownToBeWell() => Assert.Equal(TargetHealth.Unknown, Judge(Pod("", "False", 9.5, created: 9.5)).Health);

    [Fact]
    public void ACrashLoop_NamesPodContainerExitCodeAndLastMessage()
    {
        var report = Judge(Pod("""{"name":"app","restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":3,"reason":"Error","message":"panic: no \u001b[2Jconfig\n","finishedAt":"2026-03-01T12:08:00Z"}}}""", "False", 8));
        Assert.Equal(TargetHealth.Down, report.Health);
        Assert.Equal("Pod checkout-1, container app, crashes again and again (CrashLoopBackOff, restart 4); it ended last with exit code 3, last message \"panic: no \uFFFD[2Jconfig\".", Assert.Single(report.Troubles));
    }

    [Theory]
    [InlineData("ImagePullBackOff")]
    [InlineData("InvalidImageName")]
    [InlineData("CreateContainerConfigError")]
    [InlineData("CreateContainerError")]
    [InlineData("RunContainerError")]
    [InlineData("ErrImageNeverPull")]
    public void AContainerThatCannotBeStarted_IsTold(string reason)
    {
        var report = Judge(Pod($$$$$$"""{"name":"app","state":{"waiting":{"reason":"{{{{{{reason}}}}}}","message":"Back-off pulling image \"shop:2.0\""}}}""", "False", 9.9, created: 9.9));
        Assert.Equal($"Pod checkout-1, container app, cannot be started ({reason}): Back-off pulling image \"shop:2.0\".", Assert.Single(report.Troubles));
    }

    [Theory]
    [InlineData("ErrImagePull")]
    [InlineData("ContainerCreating")]
    [InlineData("PodInitializing")]
    public void WhatPassesByItself_IsNotTold(string reason) =>
        Assert.Equal(TargetHealth.Unknown, Judge(Pod($$$$$$"""{"name":"app","state":{"waiting":{"reason":"{{{{{{reason}}}}}}"}}}""", "False", 9.9, created: 9.9)).Health);

    [Theory]
    [InlineData("2026-03-01T12:05:00Z", true)]
    [InlineData("2026-03-01T11:55:00Z", false)]
    public void AKillForMemory_CountsSinceTheUpgrade(string at, bool counts)
    {
        var report = Judge(Pod($$$$$$"""{"name":"app","restartCount":1,"state":{"running":{}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled","finishedAt":"{{{{{{at}}}}}}"}}}""", "True", 6));
        Assert.Equal(counts ? TargetHealth.Down : TargetHealth.Up, report.Health);
        if (counts) Assert.Contains("(OOMKilled, exit code 137) at 12:05:00 UTC, restart 1", report.Troubles[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, TargetHealth.Up)]
    [InlineData(3, TargetHealth.Down)]
    public void ThreeRestarts_AreAStorm(int restarts, TargetHealth expected) =>
        Assert.Equal(expected, Judge(Pod($$$$$$"""{"name":"app","restartCount":{{{{{{restarts}}}}}},"state":{"running":{}},"lastState":{"terminated":{"exitCode":1,"reason":"Error","finishedAt":"2026-03-01T12:08:00Z"}}}""", "True", 8)).Health);

    [Theory]
    [InlineData(8.5, TargetHealth.Unknown)]
    [InlineData(8, TargetHealth.Down)]
    public void APodThatIsNotReadyForTwoMinutes_IsTold(double sinceMinute, TargetHealth expected) =>
        Assert.Equal(expected, Judge(Pod("", "False", sinceMinute, created: 1)).Health);

    [Fact]
    public void APodThatNoNodeTakes_IsToldWithTheReason()
    {
        var report = PodRules.Judge([new PodState(Read("""{"metadata":{"name":"checkout-1","namespace":"shop","creationTimestamp":"2026-03-01T12:05:00Z"},"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available: 3 Insufficient cpu."}]}}"""), [])], [], Upgraded, Now);
        Assert.Equal("Pod checkout-1 has waited for a node for 5 min: 0/3 nodes are available: 3 Insufficient cpu.", Assert.Single(report.Troubles));
    }

    [Fact]
    public void ProbesThatFail_AreToldWithTheirWords()
    {
        var warning = new PodWarning { Namespace = "shop", Name = "e", Owner = "shop/checkout-1", Pod = "checkout-1", Reason = "Unhealthy", Message = "Liveness probe failed: HTTP probe failed with statuscode: 503", Count = 3, At = Now.AddMinutes(-1) };
        var report = PodRules.Judge([new PodState(Pod("", "True", 5), [warning])], [], Upgraded, Now);
        Assert.Equal("Pod checkout-1: probes have failed 3 times, last \"Liveness probe failed: HTTP probe failed with statuscode: 503\".", Assert.Single(report.Troubles));
        Assert.Equal(TargetHealth.Up, PodRules.Judge([new PodState(Pod("", "True", 5), [warning with { Count = 2 }])], [], Upgraded, Now).Health);
        Assert.Equal(TargetHealth.Up, PodRules.Judge([new PodState(Pod("", "True", 5), [warning with { At = Now.AddMinutes(-6) }])], [], Upgraded, Now).Health);
    }

    [Fact]
    public void ManyPodsInTrouble_AreNotAllListed()
    {
        var pods = Enumerable.Range(0, 30).Select(i => new PodState(Pod("", "False", 1, created: 1) with { Name = $"checkout-{i:00}" }, [])).ToList();
        var report = PodRules.Judge(pods, ["Deployment shop/checkout does not go on: it took too long."], Upgraded, Now);
        Assert.Equal(11, report.Troubles.Count);
        Assert.StartsWith("Deployment shop/checkout", report.Troubles[0], StringComparison.Ordinal);
        Assert.Equal("And 21 more.", report.Troubles[^1]);
    }

    private static HealthReport Judge(Pod pod) => PodRules.Judge([new PodState(pod, [])], [], Upgraded, Now);

    private static Pod Pod(string container, string ready, double readyMinute, double created = 4) => Read($$$$$$"""
        {"metadata":{"name":"checkout-1","namespace":"shop","creationTimestamp":"{{{{{{Upgraded.AddMinutes(created):yyyy-MM-dd'T'HH:mm:ss'Z'}}}}}}"},
         "status":{"phase":"Running","conditions":[{"type":"Ready","status":"{{{{{{ready}}}}}}","lastTransitionTime":"{{{{{{Upgraded.AddMinutes(readyMinute):yyyy-MM-dd'T'HH:mm:ss'Z'}}}}}}"}],
         "containerStatuses":[{{{{{{container}}}}}}]}}
        """);

    private static Pod Read(string json) => ObjectReading.Pod(JsonSerializer.Deserialize(json, WireJson.Default.WireObject)!)!;
}
