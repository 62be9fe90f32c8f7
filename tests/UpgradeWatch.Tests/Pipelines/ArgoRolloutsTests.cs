using UpgradeWatch.TestKit.Compose;
using UpgradeWatch.Tests.Pipelines.Players;

namespace UpgradeWatch.Tests.Pipelines;

/// <summary>The shipped analysis templates, in a canary and a blue-green Rollout, played by Argo Rollouts' rules.</summary>
[Collection(ArgoCollection.Name)]
public sealed class ArgoRolloutsTests(ArgoRules rules)
{
    [Theory]
    [InlineData("canary", false, "Healthy", "upgrading post-upgrade", "pass")]
    [InlineData("canary", true, "Degraded", "upgrading rolling-back rolled-back", "fail final")]
    [InlineData("blue-green", false, "Healthy", "upgrading post-upgrade", "pass")]
    [InlineData("blue-green", true, "Degraded", "upgrading post-upgrade rolling-back rolled-back", "fail final")]
    public async Task A_rollout_ends_by_the_verdict(string rollout, bool isBad, string end, string phases, string verdict)
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new RolloutPlayer(stage, rules, rollout) { IsBad = isBad };

        await argo.RunAsync();

        Assert.Equal(end, argo.Phase);
        var upgrade = await stage.UpgradeAsync();
        Assert.Equal(phases, PipelineStage.Phases(upgrade));
        Assert.Equal(verdict, PipelineStage.Verdict(upgrade));
        if (isBad) Assert.Equal("Argo Rollouts aborted it", upgrade.GetProperty("history").EnumerateArray().Last().GetProperty("reason").GetString());
        if (!isBad) Assert.True(stage.Time.GetUtcNow() - upgrade.GetProperty("history").EnumerateArray().Last().GetProperty("at").GetDateTimeOffset() >= TimeSpan.FromMinutes(10));
    }

    [Theory]
    [InlineData("canary")]
    [InlineData("blue-green")]
    public async Task UpgradeWatch_may_be_away_for_a_while(string rollout)
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new RolloutPlayer(stage, rules, rollout) { Meanwhile = AwayAsync };

        await argo.RunAsync();

        Assert.Equal("Healthy", argo.Phase);
        await stage.UpgradeAsync();

        async Task AwayAsync(TimeSpan passed)
        {
            if (passed == TimeSpan.FromMinutes(4)) await stage.GoAwayAsync();
            if (passed == TimeSpan.FromMinutes(9)) await stage.ComeBackAsync();
        }
    }

    [Fact]
    public async Task UpgradeWatch_that_stays_away_ends_in_an_error_and_never_in_success()
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new RolloutPlayer(stage, rules, "canary") { Meanwhile = _ => stage.GoAwayAsync() };

        await argo.RunAsync();

        Assert.Equal("Degraded", argo.Phase);
    }

    [Fact]
    public async Task The_verdict_of_the_version_before_says_nothing_about_this_one()
    {
        await using var stage = await PipelineStage.StartAsync();
        await new RolloutPlayer(stage, rules, "canary").RunAsync();
        await stage.PassAsync(TimeSpan.FromHours(2));
        Assert.Equal("pass final", PipelineStage.Verdict(await stage.UpgradeAsync()));

        var next = new RolloutPlayer(stage, rules, "canary") { Hash = "7d9c5f6b4", IsBad = true };
        await next.RunAsync();

        Assert.Equal("Degraded", next.Phase);
        var upgrades = await stage.UpgradesAsync();
        Assert.Equal(["upgrading rolling-back rolled-back", "upgrading post-upgrade completed"], upgrades.Select(PipelineStage.Phases));
        Assert.Equal("6c8f7d5b9", upgrades[0].GetProperty("fromVersion").GetString());
    }

    [Theory]
    [InlineData("canary", "upgrading rolling-back rolled-back")]
    [InlineData("blue-green", "upgrading post-upgrade rolling-back rolled-back")]
    public async Task A_revision_that_was_given_up_is_tried_again_as_often_as_it_takes(string rollout, string phases)
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new RolloutPlayer(stage, rules, rollout) { IsBad = true };
        for (var i = 0; i < 2; i++)
        {
            await argo.RunAsync();
            Assert.Equal("Degraded", argo.Phase);
            await stage.PassAsync(TimeSpan.FromHours(2));
        }

        argo.IsBad = false;
        await argo.RunAsync();

        Assert.Equal("Healthy", argo.Phase);
        Assert.Equal(["upgrading post-upgrade", phases, phases], (await stage.UpgradesAsync()).Select(PipelineStage.Phases));
    }

    [Fact]
    public async Task Going_back_to_the_version_before_takes_the_upgrade_back()
    {
        await using var stage = await PipelineStage.StartAsync();
        await new RolloutPlayer(stage, rules, "canary").RunAsync();
        await stage.PassAsync(TimeSpan.FromHours(2));
        var meanwhile = new RolloutPlayer(stage, rules, "canary") { Hash = "7d9c5f6b4" };
        await meanwhile.RunAsync();

        await new RolloutPlayer(stage, rules, "blue-green").RunAsync();

        Assert.Equal(["upgrading post-upgrade rolling-back rolled-back", "upgrading post-upgrade completed"], (await stage.UpgradesAsync()).Select(PipelineStage.Phases));
    }

    [Theory]
    [InlineData("target", "chekout", "target 'chekout' is not known; known: checkout, cart")]
    [InlineData("revision", "", "revision is empty")]
    [InlineData("token", "wrong", "the token is not one that counts")]
    public async Task A_mistake_is_an_error_with_its_reason(string arg, string value, string reason)
    {
        await using var stage = await PipelineStage.StartAsync();
        var templates = YamlJson.ParseAll(Integration.Read("upgradewatch/argo-rollouts/analysis-templates.yaml", stage.Url));
        var args = new Dictionary<string, string> { ["target"] = "checkout", ["revision"] = "1", ["token"] = stage.Token, [arg] = value };
        var reference = YamlJson.ParseAll($"""
            templates: [{"{"}templateName: upgradewatch-gate{"}"}]
            args:
              - name: target
                value: "{args["target"]}"
              - name: revision
                value: "{args["revision"]}"
              - name: token
                value: "{args["token"]}"
            """)[0];
        var run = new AnalysisPlayer(stage, rules, templates, reference, "");

        for (var i = 0; i < 60; i++)
        {
            await run.TickAsync();
            await stage.PassAsync(TimeSpan.FromSeconds(30));
        }

        Assert.Equal("Error", run.Phase);
        Assert.Contains(reason, run.Message);
    }

    [Fact]
    public async Task Where_nothing_can_be_said_the_rollout_pauses_for_a_person()
    {
        await using var stage = await PipelineStage.StartAsync(options => options with { Evaluation = options.Evaluation with { MinimumSeconds = 3600 * 4, ObservationSeconds = 3600 * 5 }, Targets = [.. options.Targets.Select(t => t with { Evaluation = t.Evaluation with { MinimumSeconds = 3600 * 4, ObservationSeconds = 3600 * 5 } })] });
        var argo = new RolloutPlayer(stage, rules, "blue-green");

        await argo.RunAsync();

        Assert.Equal("Paused", argo.Phase);
        Assert.True(stage.Time.GetUtcNow() - Hosting.RunningServer.Start >= TimeSpan.FromMinutes(80));
    }
}
