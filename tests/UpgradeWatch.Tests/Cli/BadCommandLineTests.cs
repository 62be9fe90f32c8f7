namespace UpgradeWatch.Tests.Cli;

public class BadCommandLineTests
{
    private const string TimeExpected = "write a time such as 2026-05-04T13:37:00Z, or Unix seconds such as 1777901820";
    private const string Which = "it is not said which upgrade is meant; write --target NAME or --upgrade ID";

    [Theory]
    [InlineData("begn", "\"begn\" is not a verb of upgradewatch; did you mean begin? The verbs are serve, demo, begin, advance, abort, rollback, status, ack, checklist, wait, analyze, backtest, token, backup, config.")]
    [InlineData("explain|--target|a", "\"explain\" is not a verb of upgradewatch. The verbs are serve, demo, begin, advance, abort, rollback, status, ack, checklist, wait, analyze, backtest, token, backup, config.")]
    [InlineData("backtset", "\"backtset\" is not a verb of upgradewatch; did you mean backtest? The verbs are serve, demo, begin, advance, abort, rollback, status, ack, checklist, wait, analyze, backtest, token, backup, config.")]
    [InlineData("", "upgradewatch needs a verb: serve, demo, begin, advance, abort, rollback, status, ack, checklist, wait, analyze, backtest, token, backup, config")]
    [InlineData("checklist", "upgradewatch checklist needs a verb: list, set")]
    [InlineData("checklist|sat", "\"sat\" is not a verb of upgradewatch checklist; did you mean set? The verbs are list, set.")]
    [InlineData("config|show", "\"show\" is not a verb of upgradewatch config. The verbs are check, schema.")]
    [InlineData("status|--tarket=a", "\"--tarket=a\" is not an option of upgradewatch status.")]
    [InlineData("status|--tarket", "\"--tarket\" is not an option of upgradewatch status; did you mean --target?")]
    [InlineData("status|a", "\"a\" is not known to upgradewatch status.")]
    [InlineData("status|--outputt", "\"--outputt\" is not an option of upgradewatch status; did you mean --output?")]
    [InlineData("status|--output|xml", "--output is \"xml\"; write one of text, json")]
    [InlineData("begin|--target|a", "Option '--to' is required.")]
    [InlineData("begin|--target||--to|2", "--target is \"\"; write a text that is not empty")]
    [InlineData("begin|--target|a|--target|b|--to|2", "Option '--target' expects a single argument but 2 were provided.")]
    [InlineData("begin|--target|a|--to|2|--at", "Required argument missing for option: '--at'.")]
    [InlineData("begin|--target|a|--to|2|--at|yesterday", "--at is \"yesterday\"; " + TimeExpected)]
    [InlineData("begin|--target|a|--to|2|--at|2026-05-04T13:37:00", "--at is \"2026-05-04T13:37:00\"; " + TimeExpected)]
    [InlineData("begin|--target|a|--to|2|--at|-5", "--at is \"-5\"; " + TimeExpected)]
    [InlineData("begin|--target|a|--to|2|--at|1e99", "--at is \"1e99\"; " + TimeExpected)]
    [InlineData("begin|--target|a|--to|2|--phase|completed", "--phase is \"completed\"; write one of pre-upgrade, upgrading, post-upgrade")]
    [InlineData("begin|--target|a|--to|2|--observation-window|60", "--observation-window is \"60\"; write a duration such as 90s, 15m, 1h or 7d")]
    [InlineData("begin|--target|a|--to|2|--observation-window|1w", "--observation-window is \"1w\"; write a duration such as 90s, 15m, 1h or 7d")]
    [InlineData("begin|--target|a|--to|2|--server|localhost:8080", "--server is \"localhost:8080\"; write an http or https address such as http://127.0.0.1:8080")]
    [InlineData("begin|--target|a|--to|2|--server|http://u:pw@h", "--server has a user name in it; write an address such as http://127.0.0.1:8080, and the token into a file for --token-file")]
    [InlineData("advance|--target|a", "Option '--phase' is required.")]
    [InlineData("advance|--phase|upgrading", Which)]
    [InlineData("advance|--target|a|--phase|upgradig", "--phase is \"upgradig\"; did you mean upgrading? Write one of pre-upgrade, upgrading, post-upgrade, completed, rolling-back, rolled-back, aborted")]
    [InlineData("advance|--target|a|--phase|upgrading|--force", "--force needs --reason TEXT, which is recorded")]
    [InlineData("abort", Which)]
    [InlineData("rollback|--target|a|--upgrade|b", "--target and --upgrade are both given; write one of them")]
    [InlineData("wait", Which)]
    [InlineData("wait|--target|a|--timeout|0s", "--timeout is \"0s\"; write a duration such as 90s, 15m, 1h or 7d")]
    [InlineData("checklist|list", Which)]
    [InlineData("checklist|set|x|--target|a", "Required argument 'STATUS' missing for command: 'set'.")]
    [InlineData("checklist|set|x|dune|--target|a", "STATUS is \"dune\"; did you mean done? Write one of pending, in-progress, done, flagged, skipped")]
    [InlineData("analyze|--input|x.csv", "Option '--change-at' is required.")]
    [InlineData("analyze|--input|x.csv|--change-at|1|--kind|counter", "--kind is \"counter\"; write one of gauge, ratio, latency")]
    [InlineData("analyze|--input|x.csv|--change-at|1|--history|7", "--history is \"7\"; write a duration such as 90s, 15m, 1h or 7d")]
    [InlineData("backtest|--cases|x.csv", "Option '--out' is required.")]
    [InlineData("backtest|--cases|x.csv|--out|y.csv|--observe|long", "--observe is \"long\"; write a duration such as 90s, 15m, 1h or 7d")]
    [InlineData("analyze|--input|x.csv|--change-at|1|--direction|left", "--direction is \"left\"; write one of up, down, both")]
    public async Task A_wrong_command_line_is_told_what_would_be_right_and_gives_2(string line, string message)
    {
        var run = await CliRun.OfAsync(line.Length == 0 ? [] : line.Split('|'));
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Equal($"upgradewatch: {message}", run.Error.Split('\n')[0]);
        Assert.Matches("upgradewatch: see: upgradewatch.* --help\n$", run.Error);
    }

    [Fact]
    public async Task A_token_file_that_is_empty_or_missing_is_told()
    {
        var missing = await CliRun.OfAsync("status", "--token-file", "/nowhere/token");
        Assert.Equal(2, missing.ExitCode);
        Assert.StartsWith("upgradewatch: --token-file is \"/nowhere/token\"; the file cannot be read", missing.Error, StringComparison.Ordinal);
        var empty = await CliRun.OfAsync("status", "--token-file", "/dev/null");
        Assert.Equal((2, "upgradewatch: --token-file is \"/dev/null\"; the file is empty; write a token into it\n"), (empty.ExitCode, empty.Error));
    }

    [Fact]
    public async Task What_nobody_expected_is_one_line_and_gives_70()
    {
        using var error = new StringWriter();
        var exitCode = await UpgradeWatch.Cli.CliApp.RunAsync(["config", "schema"], new() { Out = new BrokenWriter(), Error = error });
        Assert.Equal((70, "upgradewatch: unexpected error: NotSupportedException: broken\n"), (exitCode, error.ToString()));
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void Write(string? value) => throw new NotSupportedException("broken");
    }
}
