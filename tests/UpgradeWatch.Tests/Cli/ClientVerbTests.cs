using System.Text.Json;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.Tests.Hosting;
using UpgradeWatch.Tests.Http;

namespace UpgradeWatch.Tests.Cli;

/// <summary>The verbs against a real server.</summary>
public class ClientVerbTests
{
    [Fact]
    public async Task An_upgrade_is_begun_moved_watched_and_shown_by_command_lines_alone()
    {
        await using var server = await RunningServer.StartAsync();
        var begun = await RunAsync(server, "begin", "--target", "checkout", "--from", "1", "--to", "2", "--owner", "anna", "--observation-window", "15m");
        Assert.Equal(0, begun.ExitCode);
        var id = begun.Out.Trim();
        Assert.Equal(26, id.Length);
        Assert.StartsWith("upgradewatch: checkout 1 -> 2: pre-upgrade since 2026-05-04 12:00:00Z", begun.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync(server, "advance", "--target", "checkout", "--phase", "upgrading", "--reason", "@oncall")).ExitCode);
        await server.PassAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(0, (await RunAsync(server, "advance", "--upgrade", id, "--phase", "post-upgrade")).ExitCode);
        await server.PassAsync(TimeSpan.FromMinutes(16));

        var waited = await RunAsync(server, "wait", "--target", "checkout");
        Assert.Equal(0, waited.ExitCode);
        Assert.StartsWith("Verdict: pass", waited.Out, StringComparison.Ordinal);
        var status = await RunAsync(server, "status", "--target", "checkout");
        Assert.Equal(0, status.ExitCode);
        foreach (var text in new[] { "Owner: anna", "@oncall", "Verdict: pass", "error-ratio", "Checklist, " }) Assert.Contains(text, status.Out, StringComparison.Ordinal);
        Assert.Contains("completed", (await RunAsync(server, "status")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_upgrade_gives_1_and_a_rollback_moves_it_back()
    {
        await using var server = await RunningServer.StartAsync();
        await RunAsync(server, "begin", "--target", "checkout", "--to", "2", "--phase", "upgrading");
        server.Source.Bad = at => at > RunningServer.Start ? 60 : 0;
        await server.PassAsync(TimeSpan.FromMinutes(3));
        await RunAsync(server, "advance", "--target", "checkout", "--phase", "post-upgrade");
        await server.PassAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(1, (await RunAsync(server, "wait", "--target", "checkout")).ExitCode);
        var moved = await RunAsync(server, "rollback", "--target", "checkout", "--reason", "errors", "--output", "json");
        Assert.Equal((0, "rolling-back"), (moved.ExitCode, JsonDocument.Parse(moved.Out).RootElement.GetProperty("phase").GetString()));
    }

    [Fact]
    public async Task An_aborted_upgrade_is_inconclusive()
    {
        await using var server = await RunningServer.StartAsync();
        await RunAsync(server, "begin", "--target", "checkout", "--to", "2");
        Assert.Equal(0, (await RunAsync(server, "abort", "--target", "checkout")).ExitCode);
        Assert.Equal(3, (await RunAsync(server, "wait", "--target", "checkout")).ExitCode);
    }

    [Fact]
    public async Task Checklist_items_are_listed_and_set()
    {
        await using var server = await RunningServer.StartAsync();
        await RunAsync(server, "begin", "--target", "checkout", "--to", "2");
        var set = await RunAsync(server, "checklist", "set", "rollback-plan", "done", "--target", "checkout", "--note", "helm rollback", "--link", "https://wiki/x", "--owner", "bob");
        Assert.Equal(0, set.ExitCode);
        var list = await RunAsync(server, "checklist", "list", "--target", "checkout", "--output", "json");
        var item = JsonDocument.Parse(list.Out).RootElement.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("id").GetString() == "rollback-plan");
        Assert.Equal(("done", "helm rollback", "https://wiki/x", "bob"), (Text("status"), Text("note"), Text("link"), Text("owner")));
        Assert.Equal(6, (await RunAsync(server, "checklist", "set", "monitor-metrics", "done", "--target", "checkout")).ExitCode);
        Assert.Equal(6, (await RunAsync(server, "checklist", "set", "no-such-item", "done", "--target", "checkout")).ExitCode);

        string? Text(string name) => item.GetProperty(name).GetString();
    }

    [Fact]
    public async Task A_finding_is_acknowledged_and_taken_back_by_command_lines()
    {
        await using var server = await RunningServer.StartAsync();
        await VerdictApiTests.FailAsync(server);

        var said = await RunAsync(server, "ack", "--target", "checkout", "--sli", "error-ratio", "--reason", "a bot", "--until", "2026-05-04T13:00:00Z");
        var list = await RunAsync(server, "checklist", "list", "--target", "checkout");
        var back = await RunAsync(server, "ack", "--target", "checkout", "--sli", "error-ratio", "--take-back");
        var unknown = await RunAsync(server, "ack", "--target", "checkout", "--sli", "nix", "--reason", "a bot");

        Assert.Equal((0, 0, 6), (said.ExitCode, back.ExitCode, unknown.ExitCode));
        Assert.Contains("error-ratio: acknowledged by ", said.Out, StringComparison.Ordinal);
        Assert.Contains("until 2026-05-04 13:00:00Z: a bot", said.Out, StringComparison.Ordinal);
        Assert.Contains("acknowledged: error-ratio", list.Out, StringComparison.Ordinal);
        Assert.Contains("Verdict: fail", back.Out, StringComparison.Ordinal);
        Assert.Contains("known: error-ratio", unknown.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ack --target a --sli b", "--reason")]
    [InlineData("ack --target a --sli b --take-back --reason c", "--take-back")]
    [InlineData("ack --target a --reason c", "--sli")]
    public async Task What_is_missing_or_does_not_go_together_is_said(string line, string says)
    {
        var run = await CliRun.OfAsync(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_gives_6_and_a_value_that_the_server_does_not_know_gives_2()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal(6, (await RunAsync(server, "status", "--target", "checkout")).ExitCode);
        Assert.Equal(6, (await RunAsync(server, "status", "--upgrade", "01KQVF00000000000000000000")).ExitCode);
        var unknown = await RunAsync(server, "begin", "--target", "chekout", "--to", "2");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("checkout", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(server, "begin", "--target", "checkout", "--to", "2")).ExitCode);
        Assert.Equal(6, (await RunAsync(server, "begin", "--target", "checkout", "--to", "3")).ExitCode);
        Assert.Equal(0, (await RunAsync(server, "begin", "--target", "checkout", "--to", "3", "--supersede")).ExitCode);
        var refused = await RunAsync(server, "advance", "--target", "checkout", "--phase", "completed");
        Assert.Equal(6, refused.ExitCode);
        Assert.Contains("upgrading, aborted", refused.Error, StringComparison.Ordinal);
        Assert.Equal(6, (await RunAsync(server, "advance", "--target", "checkout", "--phase", "upgrading", "--at", "2026-05-04T11:00:00Z")).ExitCode);
    }

    [Theory]
    [InlineData("begin --target a --to 2")]
    [InlineData("advance --target a --phase upgrading")]
    [InlineData("abort --target a")]
    [InlineData("rollback --target a")]
    [InlineData("status")]
    [InlineData("status --target a")]
    [InlineData("ack --target a --sli b --reason c")]
    [InlineData("checklist list --target a")]
    [InlineData("checklist set x done --target a")]
    [InlineData("wait --target a")]
    public async Task A_server_that_cannot_be_reached_gives_4(string line)
    {
        var run = await CliRun.OfAsync([.. line.Split(' '), "--server", $"http://127.0.0.1:{FreePort.Next()}"]);
        Assert.Equal((4, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("upgradewatch: cannot reach http://127.0.0.1:", run.Error, StringComparison.Ordinal);
    }

    private static Task<CliRun> RunAsync(RunningServer server, params string[] args) =>
        CliRun.OfAsync(server.Time, [.. args, "--server", server.Api.BaseAddress!.AbsoluteUri]);
}
