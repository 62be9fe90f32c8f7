using UpgradeWatch.Tests.Pipelines.Players;

namespace UpgradeWatch.Tests.Pipelines;

/// <summary>The composite action, in the shipped workflow.</summary>
public sealed class GitHubTests
{
    private static readonly string Workflow = Path.Combine(Integration.ActionFolder, "example-workflow.yml");

    [Theory]
    [InlineData(false, "upgrading post-upgrade", "good", "pass")]
    [InlineData(true, "upgrading post-upgrade rolling-back rolled-back", "fail", "fail final")]
    public async Task A_deployment_stays_or_is_taken_back_by_the_verdict(bool isBad, string phases, string word, string verdict)
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);
        control.IsBad = isBad;
        using var github = new GitHubPlayer(control, Context(stage));

        var good = await github.RunAsync(Workflow);

        Assert.True(good == !isBad, github.Log);
        var upgrade = await stage.UpgradeAsync();
        Assert.Equal(phases, PipelineStage.Phases(upgrade));
        Assert.Equal(verdict, PipelineStage.Verdict(upgrade));
        Assert.Equal("v1.5.0", upgrade.GetProperty("toVersion").GetString());
        Assert.Contains($"**UpgradeWatch, checkout: {word}.** ", github.Summary);
        Assert.Equal(upgrade.GetProperty("id").GetString(), github.Outputs["upgrade"]);
        Assert.DoesNotContain(stage.Token, github.Log);
    }

    [Theory]
    [InlineData("secrets.UPGRADEWATCH_TOKEN", "wrong", "refused (401)")]
    [InlineData("vars.UPGRADEWATCH_URL", "http://127.0.0.1:9", "no answer from http://127.0.0.1:9")]
    public async Task What_could_not_begin_is_neither_deployed_nor_taken_back(string name, string value, string sentence)
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);
        using var github = new GitHubPlayer(control, new Dictionary<string, string>(Context(stage)) { [name] = value });

        Assert.False(await github.RunAsync(Workflow));

        Assert.Contains(sentence, github.Log);
        Assert.Empty(control.KubectlCalls);
        Assert.Empty(await stage.UpgradesAsync());
    }

    [Fact]
    public async Task What_the_cluster_did_not_take_is_given_up_and_what_came_before_stays()
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);
        control.IsRefused = true;
        using var github = new GitHubPlayer(control, Context(stage));

        Assert.False(await github.RunAsync(Workflow));

        Assert.StartsWith("set image", Assert.Single(control.KubectlCalls));
        Assert.Equal("upgrading aborted", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task A_workflow_that_is_run_again_after_a_roll_back_is_a_new_upgrade()
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);
        control.IsBad = true;
        using var first = new GitHubPlayer(control, Context(stage));
        Assert.False(await first.RunAsync(Workflow));
        await stage.PassAsync(TimeSpan.FromHours(2));

        control.IsBad = false;
        using var second = new GitHubPlayer(control, Context(stage));
        Assert.True(await second.RunAsync(Workflow), second.Log);

        Assert.Equal(["upgrading post-upgrade", "upgrading post-upgrade rolling-back rolled-back"], (await stage.UpgradesAsync()).Select(PipelineStage.Phases));
    }

    [Fact]
    public async Task UpgradeWatch_may_be_away_while_the_gate_waits()
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);
        control.Meanwhile = async slept =>
        {
            if (slept == TimeSpan.FromMinutes(2)) await stage.GoAwayAsync();
            if (slept == TimeSpan.FromMinutes(5)) await stage.ComeBackAsync();
        };
        using var github = new GitHubPlayer(control, Context(stage));

        Assert.True(await github.RunAsync(Workflow), github.Log);
        Assert.Equal("upgrading post-upgrade", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Fact]
    public async Task An_input_is_never_run_as_a_script()
    {
        await using var stage = await PipelineStage.StartAsync();
        await using var control = await ControlServer.StartAsync(stage);
        using var github = new GitHubPlayer(control, Context(stage));
        var marker = stage.Folder.File("run");

        await github.UseAsync(new Dictionary<string, string>
        {
            ["step"] = "begin",
            ["url"] = stage.Url,
            ["token"] = stage.Token,
            ["target"] = "checkout",
            ["version"] = $"\"; touch {marker}; $(touch {marker}) `touch {marker}`",
        });

        Assert.False(File.Exists(marker));
        Assert.Contains("touch", (await stage.UpgradeAsync()).GetProperty("toVersion").GetString());
    }

    private static Dictionary<string, string> Context(PipelineStage stage) => new()
    {
        ["github.sha"] = "3f786850e387550fdab836ed7e6dc881de23001b",
        ["github.ref_name"] = "v1.5.0",
        ["vars.UPGRADEWATCH_URL"] = stage.Url,
        ["secrets.UPGRADEWATCH_TOKEN"] = stage.Token,
    };
}
