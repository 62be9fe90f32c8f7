using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.Tests.Simulation;
using UpgradeWatch.Benchmarks.Rivals;

namespace UpgradeWatch.Benchmarks.Judging;

/// <summary>
/// Error counts: an hour before and an hour after in steps of 15 s, looked at after every step. False alarms where
/// nothing changed and within the tolerance, what is found of two and five times the errors and how late, beside the
/// Mann-Whitney test and the usual alert rule on the same numbers.
/// </summary>
internal static class CountsTable
{
    private const int Day = 5760;

    public static void Print(TextWriter output, Runs runs)
    {
        output.WriteLine($"### Error counts ({runs.Seeds})");
        output.WriteLine();
        output.WriteLine("1 h before, 1 h after, steps of 15 s, tolerated 25 %, alpha 1 %. Delays over Wald's bound (it knows both rates; at least one step).");
        output.WriteLine("Mann-Whitney is looked at every 2 min at 1 %; the rule is \"5-minute rate over twice the baseline for 2 min\".");
        output.WriteLine();
        var table = new MarkdownTable(output, "requests", "errors", "noise", "errors in 1 h", "false", "x1.2", "x2 found", "delay", "x5 found", "delay", "M-W false", "M-W x5", "rule false", "rule x5");
        foreach (var cell in CountsCell.All)
        {
            var (same, within) = (Run(cell, 1, runs), Run(cell, 1.2, runs));
            var (twice, five) = (Run(cell, 2, runs), Run(cell, 5, runs));
            table.Add(
                $"{cell.Requests:0}",
                $"{cell.Ratio:0.##%}",
                cell.IsOverdispersed ? "clumps" : "none",
                $"{cell.ErrorsBefore:0.##}",
                Share(same.Judge),
                Share(within.Judge),
                Share(twice.Judge),
                Delay(twice.Judge, cell.WaldSteps(2)),
                Share(five.Judge),
                Delay(five.Judge, cell.WaldSteps(5)),
                Share(same.MannWhitney),
                Share(five.MannWhitney),
                Share(same.Rule),
                Share(five.Rule));
        }

        output.WriteLine();
    }

    /// <summary>The overdispersed cells again with a day of history.</summary>
    public static void PrintWithHistory(TextWriter output, Runs runs)
    {
        output.WriteLine($"### Error counts with a day of history ({runs.Seeds})");
        output.WriteLine();
        output.WriteLine("The cells with clumps again. Swing: the error ratio swings by 50 % over the day, and nothing changes.");
        output.WriteLine();
        var table = new MarkdownTable(output, "requests", "errors", "errors in 1 h", "false", "swing", "x1.2", "x2 found", "x5 found");
        foreach (var cell in CountsCell.All.Where(cell => cell.IsOverdispersed))
        {
            Trial[] trials = [cell.Upgrade(1, Day), Swinging(cell.Upgrade(1, Day)), cell.Upgrade(1.2, Day), cell.Upgrade(2, Day), cell.Upgrade(5, Day)];
            table.Add([$"{cell.Requests:0}", $"{cell.Ratio:0.##%}", $"{cell.ErrorsBefore:0.##}", .. trials.Select(trial => Share(Judge(trial, runs)))]);
        }

        output.WriteLine();
    }

    private static Trial Swinging(Trial trial) =>
        trial with { Before = trial.Before with { ErrorSwing = 0.5 }, After = trial.After with { ErrorSwing = 0.5 } };

    private static int?[] Judge(Trial trial, Runs runs)
    {
        var failed = new int?[runs.Count];
        Each(trial, runs, (run, history, before, after) => failed[run] = FirstFail.Of(trial.Spec(), history, before, after));
        return failed;
    }

    private static (int?[] Judge, int?[] MannWhitney, int?[] Rule) Run(CountsCell cell, double factor, Runs runs)
    {
        var trial = cell.Upgrade(factor);
        var (judge, mannWhitney, rule) = (new int?[runs.Count], new int?[runs.Count], new int?[runs.Count]);
        Each(trial, runs, (run, history, before, after) =>
        {
            judge[run] = FirstFail.Of(trial.Spec(), history, before, after);
            mannWhitney[run] = MannWhitney.FirstAlarm(before, after, step => step.Value / step.Total);
            rule[run] = AlertRule.OnErrors(before, after);
        });
        return (judge, mannWhitney, rule);
    }

    private static void Each(Trial trial, Runs runs, Action<int, SliHistory?, StepSample[], StepSample[]> take) =>
        Parallel.For(0, runs.Count, Runs.Parallelism, run =>
        {
            var (history, before, after) = trial.Draw(runs.SeedOf(run));
            take(run, history, before, after);
        });

    private static string Share(int?[] steps) => MarkdownTable.Share(steps.Count(step => step is not null), steps.Length);

    private static string Delay(int?[] steps, double bound) => FirstFail.Median(steps) is { } median ? $"{median / bound:0.0}" : "-";
}
