using UpgradeWatch.Engine.Options;
using UpgradeWatch.Tests.Pipelines.Players;

namespace UpgradeWatch.Tests.Pipelines;

/// <summary>The shipped Canary, played by Flagger's rules.</summary>
public sealed class FlaggerTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    [Fact]
    public async Task A_good_canary_is_held_until_enough_was_watched_and_then_promoted()
    {
        await using var stage = await PipelineStage.StartAsync();
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage));

        await flagger.RunAsync(Longest);

        Assert.Equal("Succeeded", flagger.Phase);
        Assert.Contains(flagger.Events, message => message.StartsWith("Halt checkout.shop advancement waiting for promotion approval", StringComparison.Ordinal));
        var upgrade = await stage.UpgradeAsync();
        Assert.Equal("upgrading post-upgrade", PipelineStage.Phases(upgrade));
        Assert.Equal("1.5.0", upgrade.GetProperty("toVersion").GetString());
        Assert.Equal("flagger (ci)", upgrade.GetProperty("history")[0].GetProperty("by").GetString());
        Assert.Equal("pass", PipelineStage.Verdict(upgrade));
        Assert.True((stage.Time.GetUtcNow() - upgrade.GetProperty("history")[1].GetProperty("at").GetDateTimeOffset()).TotalSeconds >= 600);

        await stage.PassAsync(TimeSpan.FromMinutes(65));
        Assert.Equal("pass final", PipelineStage.Verdict(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task A_bad_canary_is_rolled_back_with_the_reason_in_its_event()
    {
        await using var stage = await PipelineStage.StartAsync();
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage)) { IsBad = true };

        await flagger.RunAsync(Longest);

        Assert.Equal("Failed", flagger.Phase);
        var upgrade = await stage.UpgradeAsync();
        Assert.Equal("upgrading rolling-back rolled-back", PipelineStage.Phases(upgrade));
        Assert.Equal("fail final", PipelineStage.Verdict(upgrade));
        Assert.Contains("error-ratio", await flagger.CallAsync("rollout", "Progressing"));
    }

    [Fact]
    public async Task A_version_that_turns_bad_with_all_its_weight_is_not_promoted()
    {
        await using var stage = await PipelineStage.StartAsync();
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage));

        await flagger.RunAsync(Longest, meanwhile: passed =>
        {
            if (flagger.Phase == "WaitingPromotion") stage.BreakVersion();
            return Task.CompletedTask;
        });

        Assert.Equal("Failed", flagger.Phase);
        Assert.Equal("upgrading post-upgrade rolling-back rolled-back", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Theory]
    [InlineData(false, "Succeeded")]
    [InlineData(true, "Failed")]
    public async Task While_UpgradeWatch_is_away_nothing_is_promoted_or_rolled_back(bool isBad, string end)
    {
        await using var stage = await PipelineStage.StartAsync();
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage));

        await flagger.RunAsync(Longest, async passed =>
        {
            if (passed == TimeSpan.FromMinutes(7)) await stage.GoAwayAsync();
            if (passed == TimeSpan.FromMinutes(8) && isBad) stage.BreakVersion();
            if (passed == TimeSpan.FromMinutes(13)) await stage.ComeBackAsync();
            if (stage.IsAway) Assert.True(flagger.Phase is "Progressing" or "WaitingPromotion", flagger.Phase);
        });

        Assert.Equal(end, flagger.Phase);
        await stage.UpgradeAsync();
    }

    [Theory]
    [InlineData(false, "Succeeded", "upgrading post-upgrade")]
    [InlineData(true, "Failed", "upgrading rolling-back rolled-back")]
    public async Task A_call_that_is_repeated_changes_nothing(bool isBad, string end, string phases)
    {
        await using var stage = await PipelineStage.StartAsync();
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage)) { IsBad = isBad, Repeats = 3 };

        await flagger.RunAsync(Longest);

        Assert.Equal(end, flagger.Phase);
        Assert.Equal(phases, PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task Calls_out_of_order_open_and_move_nothing()
    {
        await using var stage = await PipelineStage.StartAsync();
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage));

        var before = flagger.Applied;
        Assert.Contains("confirm-rollout", await flagger.CallAsync("confirm-promotion", "Progressing"));
        Assert.Contains("no upgrade of target 'checkout' is known", await flagger.CallAsync("rollback", "Progressing"));
        Assert.Null(await flagger.CallAsync("post-rollout", "Succeeded"));
        Assert.Null(await flagger.CallAsync("event", "Succeeded"));
        Assert.Empty(await stage.UpgradesAsync());

        await flagger.RunAsync(Longest);
        var history = (await stage.UpgradeAsync()).GetProperty("history").GetRawText();
        Assert.Null(await flagger.CallAsync("event", "Progressing"));
        flagger.Applied = before;
        Assert.Null(await flagger.CallAsync("confirm-rollout", "Progressing"));
        Assert.Equal(history, (await stage.UpgradeAsync()).GetProperty("history").GetRawText());
    }

    [Fact]
    public async Task A_wrong_token_lets_the_canary_wait_and_says_why()
    {
        await using var stage = await PipelineStage.StartAsync();
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage).Replace(stage.Token, "wrong", StringComparison.Ordinal));

        await flagger.RunAsync(TimeSpan.FromMinutes(5));

        Assert.Equal("Waiting", flagger.Phase);
        Assert.Contains(flagger.Events, message => message.EndsWith("the token is not one that counts; it may have been taken back", StringComparison.Ordinal));
        Assert.Empty(await stage.UpgradesAsync());
    }

    [Fact]
    public async Task An_unknown_target_lets_the_canary_wait_and_says_which_there_are()
    {
        await using var stage = await PipelineStage.StartAsync();
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage).Replace("target: checkout", "target: chekout", StringComparison.Ordinal));

        await flagger.RunAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("Waiting", flagger.Phase);
        Assert.Contains(flagger.Events, message => message.EndsWith("target 'chekout' is not known; known: checkout, cart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_named_target_it_is_the_one_with_the_canarys_namespace_and_name()
    {
        await using var stage = await PipelineStage.StartAsync();
        var canary = FlaggerPlayer.Example(stage).Replace("          target: checkout\n", "", StringComparison.Ordinal);

        await new FlaggerPlayer(stage, canary).TickAsync();
        var other = new FlaggerPlayer(stage, canary.Replace("namespace: shop", "namespace: staging", StringComparison.Ordinal));
        await other.TickAsync();

        Assert.Equal("checkout", (await stage.UpgradeAsync()).GetProperty("target").GetString());
        Assert.Equal("Waiting", other.Phase);
        Assert.Contains(other.Events, message => message.Contains("no target is named 'checkout' with the label namespace: staging; name the one that is meant in metadata.target", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_enforced_checklist_holds_the_canary_until_it_is_done()
    {
        await using var stage = await PipelineStage.StartAsync(options => options with
        {
            Checklist = new ChecklistOptions { Enforce = true, Items = [new ChecklistItemOptions { Id = "rollback-plan", Required = true }] },
        });
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage));

        await flagger.RunAsync(TimeSpan.FromMinutes(3));
        Assert.Equal("Waiting", flagger.Phase);
        Assert.Contains(flagger.Events, message => message.Contains("rollback-plan", StringComparison.Ordinal));
        var upgrade = await stage.UpgradeAsync();
        Assert.Equal("pre-upgrade", PipelineStage.Phases(upgrade));

        await stage.PatchAsync($"/api/v1/upgrades/{upgrade.GetProperty("id").GetString()}/checklist/rollback-plan", """{"status":"done"}""");
        await flagger.RunAsync(Longest);

        Assert.Equal("Succeeded", flagger.Phase);
        Assert.Equal("pre-upgrade upgrading post-upgrade", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task A_new_revision_in_the_middle_supersedes_the_upgrade_of_the_old_one()
    {
        await using var stage = await PipelineStage.StartAsync();
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage));
        await flagger.RunAsync(TimeSpan.FromMinutes(4));

        flagger.Revise("55d4c8");
        await flagger.RunAsync(Longest);

        Assert.Equal("Succeeded", flagger.Phase);
        var upgrades = await stage.UpgradesAsync();
        Assert.Equal(["upgrading post-upgrade", "upgrading aborted"], upgrades.Select(PipelineStage.Phases));
        Assert.Equal("superseded", upgrades[1].GetProperty("verdict").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("1.5.0", "1.6.0")]
    [InlineData(null, null)]
    public async Task The_next_canary_is_an_upgrade_of_its_own_though_it_is_announced_with_the_checksum_of_the_last(string? version, string? next)
    {
        await using var stage = await PipelineStage.StartAsync();
        var first = new FlaggerPlayer(stage, Example(version));
        await first.RunAsync(Longest);
        await stage.PassAsync(TimeSpan.FromHours(2));

        var second = new FlaggerPlayer(stage, Example(next)) { Applied = first.Applied, Checksum = "55d4c8", IsBad = true };
        await second.RunAsync(Longest);

        Assert.Equal(("Succeeded", "Failed"), (first.Phase, second.Phase));
        var upgrades = await stage.UpgradesAsync();
        Assert.Equal(["upgrading rolling-back rolled-back", "upgrading post-upgrade completed"], upgrades.Select(PipelineStage.Phases));
        Assert.Equal([next ?? "55d4c8", version ?? "7c9fd8b6"], upgrades.Select(upgrade => upgrade.GetProperty("toVersion").GetString()));
        Assert.Equal(version ?? "7c9fd8b6", upgrades[0].GetProperty("fromVersion").GetString());

        string Example(string? told) => FlaggerPlayer.Example(stage).Replace("          toVersion: \"1.5.0\"\n", told is null ? "" : $"          toVersion: \"{told}\"\n", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_version_while_the_canary_waits_takes_the_place_of_the_first()
    {
        await using var stage = await PipelineStage.StartAsync(options => options with
        {
            Checklist = new ChecklistOptions { Enforce = true, Items = [new ChecklistItemOptions { Id = "rollback-plan", Required = true }] },
        });
        await new FlaggerPlayer(stage, FlaggerPlayer.Example(stage)).TickAsync();

        var other = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage).Replace("1.5.0", "1.5.1", StringComparison.Ordinal)) { Checksum = "55d4c8" };
        await other.RunAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(["pre-upgrade", "pre-upgrade aborted"], (await stage.UpgradesAsync()).Select(PipelineStage.Phases));
        Assert.Contains(other.Events, message => message.Contains("rollback-plan", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    public async Task What_Flagger_tells_while_it_waits_does_not_go_past_the_checklist(string last)
    {
        await using var stage = await PipelineStage.StartAsync(options => options with
        {
            Checklist = new ChecklistOptions { Enforce = true, Items = [new ChecklistItemOptions { Id = "rollback-plan", Required = true }] },
        });
        var announced = await stage.PostAsync("/api/v1/upgrades", """{"target":"checkout","toVersion":"1.5.0"}""");
        Assert.Equal(201, announced.Status);
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage), last);

        await flagger.RunAsync(TimeSpan.FromMinutes(3));

        Assert.Equal("Waiting", flagger.Phase);
        Assert.Equal("pre-upgrade", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Theory]
    [InlineData("rollback", "Waiting")]
    [InlineData("event", "Waiting")]
    [InlineData("event", "Succeeded")]
    public async Task Who_only_asks_or_tells_takes_nothing_over(string hook, string phase)
    {
        await using var stage = await PipelineStage.StartAsync();
        await stage.PostAsync("/api/v1/upgrades", """{"target":"checkout","toVersion":"1.6.0","phase":"post-upgrade"}""");
        await stage.PassAsync(TimeSpan.FromMinutes(15));
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage).Replace("          toVersion: \"1.5.0\"\n", "", StringComparison.Ordinal));

        await flagger.CallAsync(hook, phase);

        Assert.Contains("already being upgraded to '1.6.0'", await flagger.CallAsync("confirm-rollout", "Progressing"));
        flagger.Applied = flagger.Checksum;
        Assert.NotNull(await flagger.CallAsync("confirm-promotion", "Progressing"));
    }

    [Fact]
    public async Task What_people_have_taken_back_is_not_promoted_whatever_the_metrics_say()
    {
        await using var stage = await PipelineStage.StartAsync();
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage));
        await flagger.RunAsync(Longest, async _ =>
        {
            if (flagger.Phase != "WaitingPromotion" || PipelineStage.Verdict(await stage.UpgradeAsync()) != "pass") return;
            var id = (await stage.UpgradeAsync()).GetProperty("id").GetString();
            await stage.PostAsync($"/api/v1/upgrades/{id}/phase", """{"phase":"rolling-back"}""");
        });

        Assert.Equal("WaitingPromotion", flagger.Phase);
        Assert.Contains("It was taken back", await flagger.CallAsync("confirm-promotion", "Progressing"));
    }

    [Fact]
    public async Task A_revision_that_was_rolled_back_can_be_tried_again()
    {
        await using var stage = await PipelineStage.StartAsync();
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage)) { IsBad = true };
        await flagger.RunAsync(Longest);
        Assert.Equal("Failed", flagger.Phase);
        await stage.PassAsync(TimeSpan.FromHours(2));

        flagger.IsBad = false;
        flagger.Revise(flagger.Checksum);
        await flagger.RunAsync(Longest);

        Assert.Equal("Succeeded", flagger.Phase);
        Assert.Equal(["upgrading post-upgrade", "upgrading rolling-back rolled-back"], (await stage.UpgradesAsync()).Select(PipelineStage.Phases));
    }

    [Fact]
    public async Task An_upgrade_that_people_have_announced_is_the_canarys()
    {
        await using var stage = await PipelineStage.StartAsync();
        var (status, body) = await stage.PostAsync("/api/v1/upgrades", """{"target":"checkout","toVersion":"v1.5.0","fromVersion":"1.4.2"}""");
        Assert.True(status == 201, body);
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage));

        await flagger.RunAsync(Longest);

        Assert.Equal("Succeeded", flagger.Phase);
        Assert.Equal("pre-upgrade upgrading post-upgrade", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task An_upgrade_to_another_version_lets_the_canary_wait()
    {
        await using var stage = await PipelineStage.StartAsync();
        await stage.PostAsync("/api/v1/upgrades", """{"target":"checkout","toVersion":"1.6.0"}""");
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage));

        await flagger.RunAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("Waiting", flagger.Phase);
        Assert.Contains(flagger.Events, message => message.Contains("already being upgraded to '1.6.0'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_checksum_with_other_content_is_refused()
    {
        await using var stage = await PipelineStage.StartAsync();
        var canary = FlaggerPlayer.Example(stage);
        var flagger = new FlaggerPlayer(stage, canary);
        for (var i = 0; i < 3; i++) await flagger.TickAsync();

        var otherVersion = new FlaggerPlayer(stage, canary.Replace("1.5.0", "1.6.0", StringComparison.Ordinal)) { Applied = flagger.Applied };
        var otherTarget = new FlaggerPlayer(stage, canary.Replace("target: checkout", "target: cart", StringComparison.Ordinal)) { Applied = flagger.Applied };

        Assert.Contains("stands for version '1.5.0'", await otherVersion.CallAsync("rollout", "Progressing"));
        Assert.Contains("is an upgrade of another target", await otherTarget.CallAsync("rollout", "Progressing"));
        Assert.Equal("1.5.0", (await stage.UpgradeAsync()).GetProperty("toVersion").GetString());
        Assert.Empty(await stage.UpgradesAsync("cart"));
    }

    [Fact]
    public async Task The_token_in_the_metadata_is_stored_and_shown_nowhere()
    {
        await using var stage = await PipelineStage.StartAsync();
        var flagger = new FlaggerPlayer(stage, FlaggerPlayer.Example(stage));

        await flagger.RunAsync(TimeSpan.FromMinutes(2));

        Assert.DoesNotContain(stage.Token, (await stage.UpgradeAsync()).GetRawText());
        await stage.GoAwayAsync();
        foreach (var file in Directory.GetFiles(stage.Folder.Path, "store.db*"))
            Assert.DoesNotContain(stage.Token, System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
    }
}
