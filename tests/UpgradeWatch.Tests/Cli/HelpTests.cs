using System.CommandLine;
using UpgradeWatch.Cli;

namespace UpgradeWatch.Tests.Cli;

public class HelpTests
{
    public static TheoryData<string> Verbs
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (var (path, _) in All()) data.Add(path);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task The_help_of_a_verb_names_every_option_with_its_meaning_and_shows_examples(string path)
    {
        var run = await CliRun.OfAsync([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        var verb = All().Single(verb => verb.Path == path).Verb;
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(verb.Description!, run.Out, StringComparison.Ordinal);
        Assert.Contains("--output <text|json>", run.Out, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", run.Out, StringComparison.Ordinal);
        foreach (var option in verb.Options)
        {
            Assert.Contains(option.Name, run.Out, StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name);
        }

        foreach (var argument in verb.Arguments) Assert.Contains(argument.Description!, run.Out, StringComparison.Ordinal);
        Assert.Contains(verb is RootCommand ? "config" : $"upgradewatch {path}", run.Out[run.Out.IndexOf(verb is RootCommand ? "Commands:" : "Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve", "--config --urls --metrics-urls --insecure")]
    [InlineData("demo", "--scenario --keep --report --urls --service --version")]
    [InlineData("begin", "--target --to --from --phase --at --owner --observation-window --supersede --revision --server --token-file")]
    [InlineData("advance", "--target --upgrade --phase --at --reason --force --revision --server --token-file")]
    [InlineData("abort", "--target --upgrade --reason --server --token-file")]
    [InlineData("rollback", "--target --upgrade --reason --server --token-file")]
    [InlineData("status", "--target --upgrade --server --token-file")]
    [InlineData("ack", "--target --upgrade --sli --reason --until --take-back --server --token-file")]
    [InlineData("checklist list", "--target --upgrade --server --token-file")]
    [InlineData("checklist set", "--target --upgrade --note --link --owner --server --token-file")]
    [InlineData("wait", "--target --upgrade --timeout --to-the-end --revision --server --token-file")]
    [InlineData("analyze", "--input --change-at --kind --direction --sli --plot --config --history --observe")]
    [InlineData("backtest", "--cases --out --labels --config --history --observe")]
    [InlineData("token new", "--role --target --name --file")]
    [InlineData("config check", "--live")]
    [InlineData("config schema", "")]
    public void A_verb_has_exactly_these_options(string path, string options) =>
        Assert.Equal(
            options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            All().Single(verb => verb.Path == path).Verb.Options.Select(option => option.Name).Where(name => name != "--help").Order());

    private static IEnumerable<(string Path, Command Verb)> All() =>
        Walk("", CliApp.CreateRoot(new CliContext { Out = TextWriter.Null, Error = TextWriter.Null }));

    private static IEnumerable<(string Path, Command Verb)> Walk(string path, Command verb) =>
        verb.Subcommands.SelectMany(below => Walk($"{path} {below.Name}".Trim(), below)).Prepend((path, verb));
}
