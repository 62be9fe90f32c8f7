using System.CommandLine;
using System.Text.Json.Nodes;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Offline;
using UpgradeWatch.Cli.Offline.Backtest;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch backtest</c>: judges many past changes, without a server.</summary>
internal static class BacktestVerb
{
    public static Command Create(CliContext context, OutputFeature output)
    {
        var cases = CliValues.Text("--cases", "FILE", "The cases as CSV: case,file,change_at,kind,direction, and sli if wanted; files are relative to this one.");
        var results = CliValues.Text("--out", "FILE", "Where the results go as CSV, one row for each case in the same order. It is written at the end, whole or not at all.");
        cases.Required = results.Required = true;
        var labels = CliValues.Text("--labels", "FILE", "What the cases were as CSV: case,label with 1 for abnormal and 0 for normal. Then it prints how well they were told apart.");
        var window = new OfflineFeature();
        var verb = new VerbCommand(
            "backtest",
            "Judge many past changes, without a server, as they would have been judged live. The exit code is 0 when every row was written, also for cases whose series could not be read: those are inconclusive, with the reason.",
            "upgradewatch backtest --cases cases.csv --out results.csv",
            "upgradewatch backtest --cases cases.csv --out results.csv --labels labels.csv --history 3d --observe 60m --output json")
        {
            cases, results, labels,
        };
        window.AddTo(verb);
        // On another thread, so that an interrupt is heard while all of them are at work.
        verb.SetAction((parsed, token) => Task.Run(
            () => OfflineFeature.Guard(context, () =>
            {
                if (window.Load(parsed, context) is not { } settings) return ExitCodes.Usage;
                var files = new Files(parsed.GetRequiredValue(cases)!, parsed.GetRequiredValue(results)!, parsed.GetValue(labels));
                var plan = new BacktestPlan
                {
                    Settings = settings,
                    HistorySeconds = window.History(parsed),
                    ObservedSeconds = window.Observe(parsed),
                    AtBothLevels = files.Labels is not null,
                };
                return Run(context, output.IsJson(parsed), files, plan, token);
            }),
            token));
        return verb;
    }

    private static int Run(CliContext context, bool asJson, Files files, BacktestPlan plan, CancellationToken token)
    {
        files.CheckOut();
        var list = CaseFile.Read(files.Cases, plan.Settings, out var mistakes);
        if (mistakes.Count > 0) return Tell(context, mistakes);
        var known = files.Labels is null ? null : LabelFile.Read(files.Labels, list, files.Cases, out mistakes);
        if (mistakes.Count > 0) return Tell(context, mistakes);

        var progress = new ProgressBar(context, list.Count);
        var outcomes = plan.Run(list, progress, token);
        progress.End();
        ResultsFile.Write(files.Out, outcomes);
        foreach (var broken in outcomes.Where(outcome => outcome.Trouble is not null)) context.Say($"case {broken.Case.Name} is inconclusive: {broken.Trouble}");
        var table = known is null ? null : new ScoreTable(outcomes, known, plan);
        if (asJson) context.Out.WriteLine(ConfigReport.Print(ToJson(files.Out, outcomes, table)));
        else Write(context.Out, files.Out, outcomes, table);
        return ExitCodes.Done;
    }

    private static int Tell(CliContext context, IReadOnlyList<string> mistakes)
    {
        foreach (var mistake in mistakes) context.Say(mistake);
        return ExitCodes.Usage;
    }

    private static IEnumerable<(string Status, int Count)> Count(CaseOutcome[] outcomes) => VerdictNames.Statuses
        .Select(status => (status, outcomes.Count(outcome => (outcome.Result?.Finding.Status ?? FindingStatus.Inconclusive).ToText() == status)));

    private static void Write(TextWriter output, string file, CaseOutcome[] outcomes, ScoreTable? table)
    {
        var counts = Count(outcomes).Where(entry => entry.Count > 0).Select(entry => $"{entry.Count} {entry.Status}");
        output.WriteLine($"{outcomes.Length} cases: {string.Join(", ", counts)}; written to {file}");
        table?.Write(output);
    }

    private static JsonObject ToJson(string file, CaseOutcome[] outcomes, ScoreTable? table)
    {
        var statuses = new JsonObject();
        foreach (var (status, count) in Count(outcomes)) statuses[status] = count;
        return new JsonObject
        {
            ["out"] = file,
            ["cases"] = outcomes.Length,
            ["statuses"] = statuses,
            ["unreadable"] = outcomes.Count(outcome => outcome.Trouble is not null),
            ["labels"] = table?.ToJson(),
        };
    }

    private sealed record Files(string Cases, string Out, string? Labels)
    {
        /// <summary>Better now than after all the work.</summary>
        public void CheckOut()
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(Out));
            if (Directory.Exists(Out)) throw Wrong("it is a folder; write a file");
            if (!Directory.Exists(folder)) throw Wrong("its folder is not there; make it first, or write another file");
            if (new[] { Cases, Labels }.Any(input => input is not null && Path.GetFullPath(input) == Path.GetFullPath(Out))) throw Wrong("that is an input; write another file");
        }

        private SeriesFormatException Wrong(string message) => new($"--out is {Quoting.Show(Out)}; {message}");
    }
}
