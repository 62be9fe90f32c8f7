using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Tests.Simulation;
using UpgradeWatch.Benchmarks.Rivals;

namespace UpgradeWatch.Benchmarks.Judging;

/// <summary>Log-normal latencies in the bounds of ASP.NET Core: false alarms, what is found and how soon, beside an alert rule on p99.</summary>
internal static class LatencyTable
{
    private const int FifteenMinutes = 60;
    private const int TwentyMinutes = 80;
    private const int Hour = 240;

    public static void Print(TextWriter output, Runs runs)
    {
        output.WriteLine($"### Latency histograms ({runs.Seeds})");
        output.WriteLine();
        output.WriteLine("1 h before, 1 h after, steps of 15 s, tolerated 10 %, alpha 1 %. Curve: no change while the load swings by 60 % over the day.");
        output.WriteLine("The rule is \"5-minute p99 over 1.25 times the baseline for 2 min\".");
        output.WriteLine();
        var table = new MarkdownTable(output, "requests", "noise", "false", "curve", "+5 %", "+20 % 15 min", "+20 % 1 h", "tail 20 min", "tail 1 h", "rule false", "rule +20 %", "rule tail");
        foreach (var requests in new[] { 30.0, 1000 })
        {
            foreach (var noise in new[] { 0, 0.08 })
            {
                var before = new Behaviour { RequestsPerSecond = requests / 15, LatencyNoise = noise };
                var curve = before with { LoadSwing = 0.6 };
                var (calm, swinging) = (Run(before, before, runs), Run(curve, curve, runs));
                var little = Run(before, before with { MedianSeconds = 1.05 * before.MedianSeconds }, runs);
                var slower = Run(before, before with { MedianSeconds = 1.2 * before.MedianSeconds }, runs);
                var tail = Run(before, before with { SlowShare = 0.01 }, runs);
                table.Add(
                    $"{requests:0}",
                    noise > 0 ? "AR(.9) 8 %" : "none",
                    Found(calm.Judge, Hour),
                    Found(swinging.Judge, Hour),
                    Found(little.Judge, Hour),
                    Found(slower.Judge, FifteenMinutes),
                    Found(slower.Judge, Hour),
                    Found(tail.Judge, TwentyMinutes),
                    Found(tail.Judge, Hour),
                    Found(calm.Rule, Hour),
                    Found(slower.Rule, FifteenMinutes),
                    Found(tail.Rule, TwentyMinutes));
            }
        }

        output.WriteLine();
        PrintRhythm(output, runs);
    }

    /// <summary>Latencies that move by themselves with the time of day, when that is known.</summary>
    private static void PrintRhythm(TextWriter output, Runs runs)
    {
        output.WriteLine($"### Latencies that swing by 40 % over the day ({runs.Seeds}: any time of day)");
        output.WriteLine();
        var table = new MarkdownTable(output, "requests", "noise", "false", "false, rhythm unknown", "+20 % 1 h", "+20 % 1 h, rhythm unknown");
        foreach (var requests in new[] { 30.0, 1000 })
        {
            foreach (var noise in new[] { 0, 0.08 })
            {
                var before = new Behaviour { RequestsPerSecond = requests / 15, LatencyNoise = noise, LatencySwing = 0.4 };
                var after = before with { MedianSeconds = 1.2 * before.MedianSeconds };
                table.Add(
                    $"{requests:0}",
                    noise > 0 ? "AR(.9) 8 %" : "none",
                    Found(Run(before, before, runs, knowsTheRhythm: true).Judge, Hour),
                    Found(Run(before, before, runs).Judge, Hour),
                    Found(Run(before, after, runs, knowsTheRhythm: true).Judge, Hour),
                    Found(Run(before, after, runs).Judge, Hour));
            }
        }

        output.WriteLine();
    }

    private static (int?[] Judge, int?[] Rule) Run(Behaviour before, Behaviour after, Runs runs, bool knowsTheRhythm = false)
    {
        var trial = new Trial
        {
            Measure = Measure.Buckets,
            StepSeconds = 15,
            BaselineSteps = Hour,
            ObservedSteps = Hour,
            Alpha = 0.01,
            Before = before,
            After = after,
            KnowsTheRhythm = knowsTheRhythm,
        };
        var (judge, rule) = (new int?[runs.Count], new int?[runs.Count]);
        Parallel.For(0, runs.Count, Runs.Parallelism, run =>
        {
            var (history, baseline, steps) = trial.Draw(runs.SeedOf(run));
            judge[run] = FirstFail.Of(trial.Spec(), history, baseline, steps);
            rule[run] = AlertRule.OnP99(baseline, steps, Service.AspNetCoreBounds, 1.25);
        });
        return (judge, rule);
    }

    private static string Found(int?[] steps, int within) => MarkdownTable.Share(steps.Count(step => step <= within), steps.Length);
}
