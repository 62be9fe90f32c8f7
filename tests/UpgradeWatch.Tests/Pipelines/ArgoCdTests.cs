using UpgradeWatch.Engine.Options;
using UpgradeWatch.Security;
using UpgradeWatch.Tests.Pipelines.Players;

namespace UpgradeWatch.Tests.Pipelines;

/// <summary>The shipped hook Jobs and notifications, played by the rules of Argo CD and of Jobs.</summary>
[Collection(ArgoCollection.Name)]
public sealed class ArgoCdTests(ArgoRules rules)
{
    [Theory]
    [InlineData(false, "pass final", "upgrading post-upgrade completed")]
    [InlineData(true, "fail", "upgrading post-upgrade")]
    public async Task The_sync_succeeds_or_fails_by_the_verdict(bool isBad, string verdict, string phases)
    {
        await using var stage = await PipelineStage.StartAsync();
        var (before, after) = (new JobPlayer(stage, "pre-sync"), new JobPlayer(stage, "post-sync"));
        Assert.Equal(("PreSync", "PostSync"), (before.Hook, after.Hook));

        Assert.True(await before.RunAsync(), before.Log);
        if (isBad) stage.BreakVersion();
        await stage.PassAsync(TimeSpan.FromMinutes(2));
        var good = await after.RunAsync();

        Assert.True(good == !isBad, after.Log);
        Assert.Equal((1, 1), (before.Pods, after.Pods));
        var upgrade = await stage.UpgradeAsync();
        Assert.Equal(phases, PipelineStage.Phases(upgrade));
        Assert.Equal(verdict, PipelineStage.Verdict(upgrade));
    }

    [Fact]
    public async Task While_UpgradeWatch_is_away_the_jobs_are_tried_again()
    {
        await using var stage = await PipelineStage.StartAsync();
        var before = new JobPlayer(stage, "pre-sync") { BeforePod = pod => pod == 1 ? stage.GoAwayAsync() : pod == 3 ? stage.ComeBackAsync() : Task.CompletedTask };
        var after = new JobPlayer(stage, "post-sync") { BeforePod = pod => pod == 1 ? stage.GoAwayAsync() : pod == 3 ? stage.ComeBackAsync() : Task.CompletedTask };

        Assert.True(await before.RunAsync(), before.Log);
        Assert.True(await after.RunAsync(), after.Log);

        Assert.Equal((3, 3), (before.Pods, after.Pods));
        Assert.Equal("upgrading post-upgrade completed", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task UpgradeWatch_may_be_away_while_its_verdict_is_waited_for()
    {
        await using var stage = await PipelineStage.StartAsync();
        Assert.True(await new JobPlayer(stage, "pre-sync").RunAsync());
        var after = new JobPlayer(stage, "post-sync")
        {
            Meanwhile = async waited =>
            {
                if (waited == TimeSpan.FromMinutes(10)) await stage.GoAwayAsync();
                if (waited == TimeSpan.FromMinutes(13)) await stage.ComeBackAsync();
            },
        };

        Assert.True(await after.RunAsync(), after.Log);

        Assert.True(after.Pods == 1, after.Log);
        Assert.Equal("upgrading post-upgrade completed", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task A_job_that_is_run_again_after_its_pod_was_lost_changes_nothing()
    {
        await using var stage = await PipelineStage.StartAsync();

        for (var i = 0; i < 2; i++) Assert.True(await new JobPlayer(stage, "pre-sync").RunAsync());
        for (var i = 0; i < 2; i++) Assert.True(await new JobPlayer(stage, "post-sync").RunAsync());
        // The same revision is synced once more: nothing is upgraded.
        Assert.True(await new JobPlayer(stage, "pre-sync").RunAsync());
        Assert.True(await new JobPlayer(stage, "post-sync").RunAsync());

        Assert.Equal("upgrading post-upgrade completed", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task A_sync_of_the_old_version_takes_the_upgrade_back_and_is_not_held_up()
    {
        await using var stage = await PipelineStage.StartAsync();
        foreach (var file in new[] { "pre-sync", "post-sync" }) Assert.True(await new JobPlayer(stage, file, "1.4.2").RunAsync());
        Assert.True(await new JobPlayer(stage, "pre-sync").RunAsync());
        stage.BreakVersion();
        Assert.False(await new JobPlayer(stage, "post-sync").RunAsync());
        stage.MendVersion();

        var before = new JobPlayer(stage, "pre-sync", "1.4.2");
        Assert.True(await before.RunAsync(), before.Log);
        var after = new JobPlayer(stage, "post-sync", "1.4.2");
        Assert.True(await after.RunAsync(), after.Log);

        Assert.Equal(["upgrading post-upgrade rolling-back rolled-back", "upgrading post-upgrade completed"], (await stage.UpgradesAsync()).Select(PipelineStage.Phases));
    }

    [Fact]
    public async Task An_enforced_checklist_that_is_not_done_keeps_anything_from_being_applied()
    {
        await using var stage = await PipelineStage.StartAsync(options => options with
        {
            Checklist = new ChecklistOptions { Enforce = true, Items = [new ChecklistItemOptions { Id = "rollback-plan", Required = true }] },
        });
        var before = new JobPlayer(stage, "pre-sync");

        Assert.False(await before.RunAsync());

        Assert.Equal(1, before.Pods);
        Assert.Contains("rollback-plan", before.Log);
    }

    [Fact]
    public async Task A_wrong_token_and_an_unknown_target_fail_the_job_at_once()
    {
        await using var stage = await PipelineStage.StartAsync();
        var wrong = new JobPlayer(stage, "pre-sync") { TokenFile = stage.Folder.Write("wrong", "wrong") };
        var other = new JobPlayer(stage, "pre-sync") { TokenFile = stage.Folder.Write("cart", stage.Grant("cart-team", Role.Operate, "cart")) };

        var unknown = new JobPlayer(stage, "pre-sync", target: "chekout");

        Assert.False(await wrong.RunAsync());
        Assert.False(await other.RunAsync());
        Assert.False(await unknown.RunAsync());

        Assert.Equal((1, 1, 1), (wrong.Pods, other.Pods, unknown.Pods));
        Assert.Contains("target 'chekout' is not known; known: checkout, cart", unknown.Log);
        Assert.Contains("the token is not one that counts", wrong.Log);
        Assert.Contains("token 'cart-team' is limited to target cart", other.Log);
    }

    [Fact]
    public async Task Notifications_open_and_move_the_upgrade()
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new ArgoCdPlayer(stage, rules);

        await argo.DeployAsync("a1b2c3d");

        Assert.All(argo.Notifications.Answers, status => Assert.Equal(200, status));
        var upgrade = await stage.UpgradeAsync();
        Assert.Equal("upgrading post-upgrade", PipelineStage.Phases(upgrade));
        Assert.Equal("a1b2c3d", upgrade.GetProperty("toVersion").GetString());
        Assert.Equal("argocd (ci)", upgrade.GetProperty("history")[0].GetProperty("by").GetString());
        Assert.Equal("Argo CD: Succeeded, successfully synced (all tasks run)", upgrade.GetProperty("history")[1].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Pods_that_are_replaced_and_notifications_that_come_twice_change_nothing()
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new ArgoCdPlayer(stage, rules);
        argo.Notifications.Forgets = true;
        await argo.DeployAsync("a1b2c3d");
        await stage.PassAsync(TimeSpan.FromHours(2));

        await argo.BecomeAsync("Progressing");
        await argo.BecomeAsync("Healthy");
        await stage.PassAsync(TimeSpan.FromDays(1));
        await argo.BecomeAsync("Healthy");

        Assert.All(argo.Notifications.Answers, status => Assert.Equal(200, status));
        Assert.Equal("upgrading post-upgrade completed", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task A_deployment_from_before_is_none_and_one_whose_beginning_was_lost_is_one()
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new ArgoCdPlayer(stage, rules);
        await stage.GoAwayAsync();
        await argo.DeployAsync("old");
        await stage.PassAsync(TimeSpan.FromHours(3));
        await stage.ComeBackAsync();
        argo.Notifications.Forgets = true;

        await argo.BecomeAsync("Healthy");
        Assert.Equal(200, argo.Notifications.Answers[^1]);
        Assert.Contains("No upgrade is known by this revision", argo.Notifications.LastBody);
        Assert.Empty(await stage.UpgradesAsync());

        await stage.GoAwayAsync();
        await argo.BeginSyncAsync("new");
        await stage.ComeBackAsync();
        await argo.EndSyncAsync("Succeeded");
        await argo.BecomeAsync("Healthy");
        var upgrade = await stage.UpgradeAsync();
        Assert.Equal("upgrading post-upgrade", PipelineStage.Phases(upgrade));
        Assert.True(upgrade.GetProperty("history")[0].GetProperty("at").GetDateTimeOffset() < upgrade.GetProperty("history")[1].GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_sync_that_failed_ends_the_upgrade_and_the_next_try_is_a_new_one()
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new ArgoCdPlayer(stage, rules);
        await argo.BeginSyncAsync("a1b2c3d");
        await argo.EndSyncAsync("Failed", "one or more objects failed to apply");
        Assert.Equal("upgrading aborted", PipelineStage.Phases(await stage.UpgradeAsync()));

        await stage.PassAsync(TimeSpan.FromMinutes(5));
        await argo.DeployAsync("a1b2c3d");

        Assert.Equal(["upgrading post-upgrade", "upgrading aborted"], (await stage.UpgradesAsync()).Select(PipelineStage.Phases));
    }

    [Fact]
    public async Task A_sync_that_failed_by_the_verdict_leaves_the_verdict_as_it_is()
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new ArgoCdPlayer(stage, rules);
        await argo.DeployAsync("a1b2c3d");
        stage.BreakVersion();
        await stage.PassAsync(TimeSpan.FromMinutes(10));

        await argo.EndSyncAsync("Failed", "hook batch/Job/upgradewatch-verdict failed");

        var upgrade = await stage.UpgradeAsync();
        Assert.Equal("upgrading post-upgrade", PipelineStage.Phases(upgrade));
        Assert.Equal("fail", PipelineStage.Verdict(upgrade));
    }

    [Fact]
    public async Task A_sync_of_the_revision_before_takes_the_upgrade_back()
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new ArgoCdPlayer(stage, rules);
        await argo.DeployAsync("a1b2c3d");
        await stage.PassAsync(TimeSpan.FromHours(2));
        await argo.DeployAsync("e4f5a6b");
        await stage.PassAsync(TimeSpan.FromMinutes(5));

        await argo.DeployAsync("a1b2c3d");

        Assert.Equal(["upgrading post-upgrade rolling-back rolled-back", "upgrading post-upgrade completed"], (await stage.UpgradesAsync()).Select(PipelineStage.Phases));
    }

    [Fact]
    public async Task What_people_have_announced_is_not_taken_for_the_revision_that_runs()
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new ArgoCdPlayer(stage, rules);
        argo.Notifications.Forgets = true;
        await argo.DeployAsync("a1b2c3d");
        await stage.PassAsync(TimeSpan.FromMinutes(65));
        await stage.PostAsync("/api/v1/upgrades", """{"target":"checkout","toVersion":"1.6.0"}""");

        // A pod is replaced, and somebody syncs once more what runs already.
        await argo.BecomeAsync("Healthy");
        await argo.DeployAsync("a1b2c3d");
        Assert.Equal("pre-upgrade", PipelineStage.Phases((await stage.UpgradesAsync())[0]));

        await argo.DeployAsync("e4f5a6b");
        Assert.Equal("pre-upgrade upgrading post-upgrade", PipelineStage.Phases((await stage.UpgradesAsync())[0]));
    }

    [Fact]
    public async Task The_recipient_names_the_target_where_the_application_has_another_name()
    {
        await using var stage = await PipelineStage.StartAsync();
        await new ArgoCdPlayer(stage, rules, "shop-checkout-eu", "checkout").DeployAsync("a1b2c3d");
        var unknown = new ArgoCdPlayer(stage, rules, "shop-search-eu");
        await unknown.BeginSyncAsync("a1b2c3d");

        Assert.Equal("checkout", (await stage.UpgradeAsync()).GetProperty("target").GetString());
        Assert.Equal([404], unknown.Notifications.Answers);
        Assert.Contains("no target is named 'shop-search-eu' with the label namespace: shop; name the one that is meant in target", unknown.Notifications.LastBody);
    }

    [Fact]
    public async Task An_application_of_several_sources_is_known_by_all_their_revisions()
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new ArgoCdPlayer(stage, rules);
        var many = string.Join(',', Enumerable.Repeat(new string('a', 40), 4));

        await argo.DeployAsync("1.4.2,a1b2c3d");
        await argo.DeployAsync("1.4.2,e4f5a6b");
        await argo.DeployAsync(many);

        Assert.All(argo.Notifications.Answers, status => Assert.Equal(200, status));
        var upgrades = await stage.UpgradesAsync();
        Assert.Equal(3, upgrades.Length);
        Assert.Equal("1.4.2,e4f5a6b", upgrades[1].GetProperty("toVersion").GetString());
    }

    [Fact]
    public async Task A_wrong_token_is_refused_once_and_not_tried_again()
    {
        await using var stage = await PipelineStage.StartAsync();
        var argo = new ArgoCdPlayer(stage, rules);
        argo.Notifications.Token = "wrong";

        await argo.BeginSyncAsync("a1b2c3d");

        Assert.Equal([401], argo.Notifications.Answers);
    }
}
