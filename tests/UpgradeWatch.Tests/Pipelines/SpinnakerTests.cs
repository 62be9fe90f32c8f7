using UpgradeWatch.Tests.Pipelines.Players;

namespace UpgradeWatch.Tests.Pipelines;

/// <summary>The shipped webhook stages, played by Spinnaker's rules.</summary>
public sealed class SpinnakerTests
{
    private const string Begin = "UpgradeWatch: begin";

    /// <summary>File and name of a stage that waits for the verdict.</summary>
    public static TheoryData<string, string?> Waiting { get; } = new() { { "stages", "UpgradeWatch: verdict" }, { "gate-stage", null } };

    /// <summary>The same for a good and a bad version.</summary>
    public static TheoryData<string, string?, bool, string, string> Endings { get; } = new()
    {
        { "stages", "UpgradeWatch: verdict", false, "SUCCEEDED", "pass" },
        { "stages", "UpgradeWatch: verdict", true, "TERMINAL", "fail" },
        { "gate-stage", null, false, "SUCCEEDED", "pass" },
        { "gate-stage", null, true, "TERMINAL", "fail" },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task The_pipeline_goes_on_by_the_verdict(string file, string? name, bool isBad, string status, string verdict)
    {
        await using var stage = await PipelineStage.StartAsync();
        Assert.Equal("SUCCEEDED", await RunAsync(stage, "stages", Begin));
        if (isBad) stage.BreakVersion();

        var began = stage.Time.GetUtcNow();
        Assert.Equal(status, await RunAsync(stage, file, name));

        var upgrade = await stage.UpgradeAsync();
        Assert.Equal("upgrading post-upgrade", PipelineStage.Phases(upgrade));
        Assert.Equal(verdict, PipelineStage.Verdict(upgrade));
        Assert.Equal("1.5.0", upgrade.GetProperty("toVersion").GetString());
        if (!isBad) Assert.True(stage.Time.GetUtcNow() - began >= TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(15));
        if (isBad && file == "gate-stage") Assert.True(stage.Time.GetUtcNow() - began < TimeSpan.FromMinutes(10));
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public async Task UpgradeWatch_may_be_away_for_a_while(string file, string? name)
    {
        await using var stage = await PipelineStage.StartAsync();
        await RunAsync(stage, "stages", Begin);
        var spinnaker = new SpinnakerPlayer(stage, SpinnakerPlayer.Stage(stage, file, name))
        {
            Meanwhile = async passed =>
            {
                if (passed > TimeSpan.FromMinutes(9) && passed < TimeSpan.FromMinutes(10)) await stage.GoAwayAsync();
                if (passed > TimeSpan.FromMinutes(14) && stage.IsAway) await stage.ComeBackAsync();
            },
        };

        await spinnaker.RunAsync();

        Assert.Equal("SUCCEEDED", spinnaker.Status);
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public async Task A_source_that_stays_away_ends_in_a_failed_stage(string file, string? name)
    {
        await using var stage = await PipelineStage.StartAsync();
        await RunAsync(stage, "stages", Begin);
        stage.LoseSource();

        Assert.Equal("TERMINAL", await RunAsync(stage, file, name));
    }

    [Fact]
    public async Task A_stage_that_is_repeated_changes_nothing_and_one_out_of_order_neither()
    {
        await using var stage = await PipelineStage.StartAsync();

        foreach (var name in new[] { Begin, Begin, "UpgradeWatch: verdict", Begin, "UpgradeWatch: verdict" }) Assert.Equal("SUCCEEDED", await RunAsync(stage, "stages", name));

        Assert.Equal("upgrading post-upgrade", PipelineStage.Phases(await stage.UpgradeAsync()));
    }

    [Theory]
    [InlineData("checkout", "wrong", "the token is not one that counts")]
    [InlineData("chekout", null, "target 'chekout' is not known; known: checkout, cart")]
    public async Task A_mistake_fails_the_stage_at_once_and_is_told(string target, string? token, string sentence)
    {
        await using var stage = await PipelineStage.StartAsync();
        var definition = SpinnakerPlayer.Stage(stage, "stages", Begin, token);
        definition["payload"]!["target"] = target;
        var spinnaker = new SpinnakerPlayer(stage, definition);

        await spinnaker.RunAsync();

        Assert.Equal("TERMINAL", spinnaker.Status);
        Assert.Contains(sentence, spinnaker.Body);
        Assert.Empty(await stage.UpgradesAsync());
    }

    private static async Task<string> RunAsync(PipelineStage stage, string file, string? name)
    {
        var spinnaker = new SpinnakerPlayer(stage, SpinnakerPlayer.Stage(stage, file, name));
        await spinnaker.RunAsync();
        return spinnaker.Status;
    }
}
