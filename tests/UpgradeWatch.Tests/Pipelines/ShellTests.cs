using UpgradeWatch.Tests.Pipelines.Players;

namespace UpgradeWatch.Tests.Pipelines;

/// <summary>The shell script for any CI, in the shipped rolling deployment.</summary>
public sealed class ShellTests
{
    private static readonly string Deploy = Path.Combine(Integration.ActionFolder, "example-deploy.sh");
    private static readonly string Script = Path.Combine(Integration.ActionFolder, "upgradewatch.sh");

    [Theory]
    [InlineData(false, 0, "upgrading post-upgrade", "pass")]
    [InlineData(true, 1, "upgrading post-upgrade rolling-back rolled-back", "fail final")]
    public async Task A_rolling_deployment_stays_or_is_taken_back_by_the_verdict(bool isBad, int exitCode, string phases, string verdict)
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);
        control.IsBad = isBad;

        var run = await Shell.RunAsync(control, Deploy, Variables(stage), "1.5.0");

        Assert.True(run.ExitCode == exitCode, run.Output);
        var upgrade = await stage.UpgradeAsync();
        Assert.Equal(phases, PipelineStage.Phases(upgrade));
        Assert.Equal(verdict, PipelineStage.Verdict(upgrade));
        Assert.Matches(isBad ? @"error-ratio is [\d.]+ %, where it was 0 % before" : @"inside what was expected|Nothing abnormal", run.Output);
        Assert.Equal(isBad, control.KubectlCalls.Contains("rollout undo deployment/checkout"));
        Assert.Equal("pipeline (ci)", upgrade.GetProperty("history")[0].GetProperty("by").GetString());
    }

    [Theory]
    [InlineData(60, 0)]
    [InlineData(600, 4)]
    public async Task UpgradeWatch_that_is_away_is_asked_again_for_five_minutes(int seconds, int exitCode)
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);
        control.Meanwhile = async slept =>
        {
            if (slept == TimeSpan.FromSeconds(45)) await stage.GoAwayAsync();
            if (slept == TimeSpan.FromSeconds(45 + seconds)) await stage.ComeBackAsync();
        };

        var run = await RunAsync(stage, control, "gate");

        Assert.True(run.ExitCode == exitCode, run.Output);
        if (exitCode == 4) Assert.Contains($"no answer from {stage.Url} for 300 s (status 000)", run.Output);
    }

    [Fact]
    public async Task A_deployment_does_not_begin_while_UpgradeWatch_is_away()
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);
        await stage.GoAwayAsync();

        var run = await Shell.RunAsync(control, Deploy, Variables(stage), "1.5.0");

        Assert.Equal(4, run.ExitCode);
        Assert.Empty(control.KubectlCalls);
    }

    [Fact]
    public async Task What_the_cluster_did_not_take_is_given_up_and_what_came_before_stays()
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);
        control.IsRefused = true;

        var run = await Shell.RunAsync(control, Deploy, Variables(stage), "1.5.0");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("set image", Assert.Single(control.KubectlCalls));
        Assert.Equal("upgrading aborted", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task A_step_that_is_repeated_changes_nothing_and_one_that_comes_late_neither()
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);

        foreach (var step in new[] { "begin", "begin", "gate", "gate", "begin" }) Assert.Equal(0, (await RunAsync(stage, control, step)).ExitCode);

        Assert.Equal("upgrading post-upgrade", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task The_gate_waits_to_the_end_when_it_shall()
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);

        var run = await RunAsync(stage, control, "gate", ("UPGRADEWATCH_UNTIL", "final"));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("pass final", PipelineStage.Verdict(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task Going_back_by_deploying_the_old_version_is_not_held_up_by_the_bad_one()
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);
        Assert.Equal(0, (await Shell.RunAsync(control, Deploy, Variables(stage), "1.4.2")).ExitCode);
        await stage.PassAsync(TimeSpan.FromMinutes(70));
        await RunAsync(stage, control, "begin");
        stage.BreakVersion();
        await stage.PassAsync(TimeSpan.FromMinutes(10));
        Assert.Equal("fail", PipelineStage.Verdict((await stage.UpgradesAsync())[0]));

        var back = await Shell.RunAsync(control, Deploy, Variables(stage), "1.4.2");

        Assert.True(back.ExitCode == 0, back.Output);
        Assert.Contains("This takes the upgrade to 1.5.0 back", back.Output);
        Assert.Equal(["upgrading rolling-back rolled-back", "upgrading post-upgrade completed"], (await stage.UpgradesAsync()).Select(PipelineStage.Phases));
    }

    [Theory]
    [InlineData("UPGRADEWATCH_TOKEN", "wrong", 6, "refused (401): the token is not one that counts")]
    [InlineData("UPGRADEWATCH_TARGET", "chekout", 6, "refused (404): target 'chekout' is not known; known: checkout, cart")]
    [InlineData("UPGRADEWATCH_TARGET", "check\"out\\", 6, "refused (404): target 'check\"out\\' is not known")]
    [InlineData("UPGRADEWATCH_REVISION", "", 2, "UPGRADEWATCH_REVISION is not set")]
    [InlineData("UPGRADEWATCH_TIMEOUT", "1h", 2, "'1h' is not a number of seconds")]
    [InlineData("UPGRADEWATCH_INTERVAL", "0", 2, "UPGRADEWATCH_INTERVAL is 0")]
    [InlineData("UPGRADEWATCH_UNTIL", "fianl", 2, "UPGRADEWATCH_UNTIL is 'fianl'; it must be final")]
    [InlineData("UPGRADEWATCH_URL", "", 2, "UPGRADEWATCH_URL is not set")]
    public async Task A_mistake_is_told(string variable, string value, int exitCode, string sentence)
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);

        var run = await RunAsync(stage, control, "begin", (variable, value));

        Assert.True(run.ExitCode == exitCode, run.Output);
        Assert.Contains(sentence, run.Output);
        Assert.DoesNotContain(stage.Token, run.Output);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\nuw_another")]
    public async Task Of_the_token_what_stands_in_its_first_line_is_sent(string end)
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);

        var run = await RunAsync(stage, control, "begin", ("UPGRADEWATCH_TOKEN", stage.Token + end));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.DoesNotContain("uw_", run.Output);
        Assert.DoesNotContain("warning", run.Output);
    }

    [Theory]
    [InlineData("post-upgrade")]
    [InlineData("")]
    public async Task A_step_that_there_is_not_is_refused(string step)
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);

        var run = await RunAsync(stage, control, step);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("usage: upgradewatch.sh begin|gate|rolled-back|aborted", run.Output);
    }

    [Fact]
    public async Task Without_a_verdict_in_time_it_ends()
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);

        var run = await RunAsync(stage, control, "gate", ("UPGRADEWATCH_TIMEOUT", "120"));

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("no verdict within 120 s", run.Output);
    }

    [Fact]
    public async Task An_upgrade_that_was_given_up_is_inconclusive()
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);
        control.Meanwhile = async slept =>
        {
            if (slept == TimeSpan.FromSeconds(45)) await stage.PostAsync("/api/v1/hooks/generic", """{"target":"checkout","revision":"1.5.0","phase":"aborted"}""");
        };

        var run = await RunAsync(stage, control, "gate");

        Assert.True(run.ExitCode == 3, run.Output);
    }

    private static Dictionary<string, string> Variables(PipelineStage stage) => new() { ["UPGRADEWATCH_URL"] = stage.Url, ["UPGRADEWATCH_TOKEN_FILE"] = stage.TokenFile };

    private static Task<(int ExitCode, string Output)> RunAsync(PipelineStage stage, ControlServer control, string step, params (string Name, string Value)[] more)
    {
        var variables = Variables(stage);
        (variables["UPGRADEWATCH_TARGET"], variables["UPGRADEWATCH_REVISION"]) = ("checkout", "1.5.0");
        foreach (var (name, value) in more) variables[name] = value;
        return Shell.RunAsync(control, Script, variables, step);
    }
}
