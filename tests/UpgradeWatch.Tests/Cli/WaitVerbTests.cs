namespace UpgradeWatch.Tests.Cli;

public class WaitVerbTests
{
    [Theory]
    [InlineData("pass", 0)]
    [InlineData("warn", 0)]
    [InlineData("fail", 1)]
    [InlineData("inconclusive", 3)]
    public async Task The_exit_code_is_that_of_the_final_verdict(string status, int exitCode)
    {
        await using var server = await FakeServer.StartAsync(FakeServer.Verdict("pending", false), FakeServer.Verdict(status, true));
        var run = await WaitAsync(server);
        Assert.True(exitCode == run.ExitCode, run.Error);
        Assert.StartsWith($"Verdict: {status} (none), final", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fail_ends_the_wait_at_once_unless_it_goes_to_the_end()
    {
        (int, string)[] verdicts = [FakeServer.Verdict("fail", false), FakeServer.Verdict("warn", true)];
        await using var quick = await FakeServer.StartAsync(verdicts);
        Assert.Equal(1, (await WaitAsync(quick)).ExitCode);
        await using var patient = await FakeServer.StartAsync(verdicts);
        Assert.Equal(0, (await WaitAsync(patient, "--to-the-end")).ExitCode);
    }

    [Fact]
    public async Task A_pass_or_inconclusive_that_is_not_final_is_waited_out()
    {
        await using var server = await FakeServer.StartAsync(FakeServer.Verdict("pass", false), FakeServer.Verdict("inconclusive", false), FakeServer.Verdict("fail", true));
        Assert.Equal(1, (await WaitAsync(server)).ExitCode);
    }

    [Fact]
    public async Task A_server_that_is_restarted_meanwhile_is_asked_again()
    {
        var gone = FakeServer.Problem(503, "starting");
        await using var server = await FakeServer.StartAsync(FakeServer.Verdict("pending", false), gone, gone, gone, FakeServer.Verdict("pass", true));
        var run = await WaitAsync(server);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("trying again", run.Error, StringComparison.Ordinal);
        Assert.Contains("the server answers again", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stays_away_ends_the_wait_as_timed_out()
    {
        await using var server = await FakeServer.StartAsync(FakeServer.Verdict("pending", false), FakeServer.Problem(503, "starting"));
        Assert.Equal(5, (await WaitAsync(server)).ExitCode);
    }

    [Fact]
    public async Task The_time_that_was_given_ends_the_wait_with_the_verdict_so_far()
    {
        await using var server = await FakeServer.StartAsync(FakeServer.Verdict("pending", false));
        var run = await WaitAsync(server, "--timeout", "9s");
        Assert.Equal(5, run.ExitCode);
        Assert.Contains("timed out", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, 6)]
    [InlineData(403, 6)]
    [InlineData(404, 6)]
    [InlineData(503, 4)]
    public async Task A_refusal_at_the_beginning_ends_the_wait(int status, int exitCode)
    {
        await using var server = await FakeServer.StartAsync(FakeServer.Problem(status, "no such thing"));
        var run = await WaitAsync(server);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains($"refused ({status}): no such thing", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_this_program_counts_as_not_reached()
    {
        await using var server = await FakeServer.StartAsync((200, "<html>hello</html>"));
        var run = await WaitAsync(server);
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("is not UpgradeWatch", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_wait_says_so_and_is_pending()
    {
        using var interrupt = new CancellationTokenSource();
        await using var server = await FakeServer.StartAsync(FakeServer.Verdict("pending", false));
        var args = new[] { "wait", "--upgrade", FakeServer.Id, "--server", server.Url };
        var waiting = CliRun.OfAsync(TimeProvider.System, args, cancellationToken: interrupt.Token);
        await interrupt.CancelAsync();
        Assert.Equal(5, (await waiting).ExitCode);
    }

    [Fact]
    public async Task A_terminal_gets_one_line_that_is_written_over_and_a_pipe_one_line_for_each_change()
    {
        (int, string)[] verdicts = [FakeServer.Verdict("pending", false), FakeServer.Verdict("pass", false), FakeServer.Verdict("pass", true)];
        await using var first = await FakeServer.StartAsync(verdicts);
        var terminal = await CliRun.OfAsync(new ImpatientTime(), ["wait", "--upgrade", FakeServer.Id, "--server", first.Url], terminalWidth: 40);
        Assert.Equal(3, terminal.Error.Count(letter => letter == '\r'));
        Assert.All(terminal.Error.TrimEnd().Split('\r', StringSplitOptions.RemoveEmptyEntries), line => Assert.InRange(line.Length, 30, 39));
        await using var second = await FakeServer.StartAsync(verdicts);
        var pipe = await WaitAsync(second);
        Assert.DoesNotContain('\r', pipe.Error);
        Assert.Equal(["checkout 2: post-upgrade: pending (none). Said pending.", "checkout 2: post-upgrade: pass (none). Said pass."], pipe.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task The_token_goes_with_every_request_and_json_is_the_verdict_itself()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "s3cret\n");
            await using var server = await FakeServer.StartAsync(FakeServer.Verdict("pass", true));
            var run = await WaitAsync(server, "--token-file", file, "--output", "json");
            Assert.Equal(0, run.ExitCode);
            Assert.All(server.Asked, asked => Assert.EndsWith(" Bearer s3cret", asked, StringComparison.Ordinal));
            using var verdict = System.Text.Json.JsonDocument.Parse(run.Out);
            Assert.Equal("pass", verdict.RootElement.GetProperty("status").GetString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Task<CliRun> WaitAsync(FakeServer server, params string[] more) =>
        CliRun.OfAsync(new ImpatientTime(), ["wait", "--upgrade", FakeServer.Id, "--server", server.Url, .. more]);
}
