using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Benchmarks.Judging;

/// <summary>
/// A bad version for 30 min, and then another one over it, which is good or as bad. Time in which an upgrade failed is
/// cut out of the baseline of the next one, and so is what shows as an incident when the baseline is frozen; else it is in it.
/// </summary>
internal static class FixForwardTable
{
    private const int Steps = 240;
    private const int BadSteps = 120;

    public static void Print(TextWriter output, Runs runs)
    {
        output.WriteLine($"### Fix-forward ({runs.Seeds})");
        output.WriteLine();
        output.WriteLine("1 % errors in 1 h before, five times as many for 30 min, then a good or a bad version for 1 h; steps of 15 s, alpha 1 %.");
        output.WriteLine();
        var table = new MarkdownTable(output, "requests", "bad found", "then good passes", "then bad fails");
        foreach (var requests in new[] { 10.0, 100, 1000, 10_000 })
        {
            var (found, passed, failed) = (0, 0, 0);
            Parallel.For(0, runs.Count, Runs.Parallelism, run =>
            {
                var (isFound, good, bad) = Run(runs.SeedOf(run), requests);
                Interlocked.Add(ref found, isFound ? 1 : 0);
                Interlocked.Add(ref passed, good == FindingStatus.Pass ? 1 : 0);
                Interlocked.Add(ref failed, bad == FindingStatus.Fail ? 1 : 0);
            });
            table.Add($"{requests:0}", MarkdownTable.Share(found, runs.Count), MarkdownTable.Share(passed, runs.Count), MarkdownTable.Share(failed, runs.Count));
        }

        output.WriteLine();
    }

    private static (bool IsFound, FindingStatus Good, FindingStatus Bad) Run(int seed, double requests)
    {
        var good = new Behaviour { RequestsPerSecond = requests / 15, ErrorRatio = 0.01 };
        var trial = new Trial { Measure = Measure.Ratio, StepSeconds = 15, Alpha = 0.01, Before = good };
        var service = new Service(seed, 15);
        var before = Draw(good, 1, Steps);
        var first = Draw(good with { ErrorRatio = 0.05 }, Steps + 1, BadSteps);
        var isFound = FirstFail.Of(trial.Spec(), null, before, first) is not null;
        StepSample[] all = [.. before, .. first];
        var isSeen = isFound || BaselineHealth.Judge(trial.Spec(), all) is { Status: FindingStatus.Fail };
        var baseline = isSeen ? before : all[BadSteps..];
        return (isFound, Judge(good), Judge(good with { ErrorRatio = 0.05 }));

        StepSample[] Draw(Behaviour behaviour, int from, int count) =>
            [.. Enumerable.Range(from, count).Select(step => service.Draw(Measure.Ratio, step, behaviour))];

        FindingStatus Judge(Behaviour next)
        {
            var judge = SliJudge.Create(trial.Spec(), baseline);
            foreach (var step in Draw(next, Steps + BadSteps + 1, Steps))
                judge.Add(step);
            return judge.Evaluate(new Moment(DateTimeOffset.UnixEpoch, Stage.Closed)).Status;
        }
    }
}
