using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Benchmarks.Judging;

/// <summary>
/// Good upgrades whose restart does not go unnoticed: for 60 s after its start a pod answers three times as slowly and
/// with 2 % errors; the pods restart one after the other. Errors, latency and traffic share alpha.
/// </summary>
internal static class RestartTable
{
    private const int Steps = 240;
    private const int HiccupSteps = 4;
    private const int WarmUpSteps = 8;

    private static readonly Measure[] Measures = [Measure.Ratio, Measure.Buckets, Measure.Count];

    public static void Print(TextWriter output, int runs)
    {
        output.WriteLine($"### Restarts of good upgrades ({runs} runs a cell, seeds 1 to {runs})");
        output.WriteLine();
        output.WriteLine("0.1 % errors, 1 h before, 1 h after, steps of 15 s, alpha 1 % for errors, latency and traffic together.");
        output.WriteLine("\"Unseen\": nobody tells when pods start, only the 2 min after each phase are left out.");
        output.WriteLine();
        var table = new MarkdownTable(output, "requests", "pods", "failed", "warned", "failed, starts unseen");
        foreach (var requests in new[] { 1.0, 10, 100, 1000, 10_000 })
        {
            foreach (var pods in new[] { 1, 3, 10 })
            {
                var seen = Run(runs, requests, pods, areStartsSeen: true);
                var unseen = Run(runs, requests, pods, areStartsSeen: false);
                table.Add($"{requests:0}", $"{pods}", MarkdownTable.Share(seen.Failed, runs), MarkdownTable.Share(seen.Warned, runs), MarkdownTable.Share(unseen.Failed, runs));
            }
        }

        output.WriteLine();
    }

    private static (int Failed, int Warned) Run(int runs, double requests, int pods, bool areStartsSeen)
    {
        var (failed, warned) = (0, 0);
        Parallel.For(0, runs, Runs.Parallelism, run =>
        {
            var worst = Measures.Max(measure => Watch(measure, 3 * run + (int)measure, requests, pods, areStartsSeen));
            if (worst == FindingStatus.Fail)
                Interlocked.Increment(ref failed);
            else if (worst == FindingStatus.Warn)
                Interlocked.Increment(ref warned);
        });
        return (failed, warned);
    }

    private static FindingStatus Watch(Measure measure, int seed, double requests, int pods, bool areStartsSeen)
    {
        var trial = new Trial { Measure = measure, StepSeconds = 15, Before = new Behaviour { RequestsPerSecond = requests / 15 } };
        var service = new Service(seed, 15);
        var before = Enumerable.Range(1, Steps).Select(step => service.Draw(measure, step, trial.Before)).ToArray();
        var after = Enumerable.Range(0, Steps).Select(i => After(i, service, trial, pods, areStartsSeen)).ToArray();
        return FirstFail.Of(trial.Spec(), null, before, after) is null ? Last(trial.Spec(), before, after) : FindingStatus.Fail;
    }

    private static FindingStatus Last(SliSpec spec, StepSample[] before, StepSample[] after)
    {
        var judge = Analysis.Judges.SliJudge.Create(spec, before);
        foreach (var step in after)
            judge.Add(step);
        return judge.Evaluate(new Analysis.Judges.Moment(DateTimeOffset.UnixEpoch, Analysis.Judges.Stage.Closed)).Status;
    }

    /// <summary>Pod after pod, the next one when the last one is well; then the phase <c>post-upgrade</c> begins.</summary>
    private static StepSample After(int i, Service service, Trial trial, int pods, bool areStartsSeen)
    {
        var rollout = pods * HiccupSteps;
        var isUpgrading = i < rollout;
        var isWarmUp = i < WarmUpSteps || (i >= rollout && i < rollout + WarmUpSteps);
        var state = (isWarmUp ? StepState.WarmUp : StepState.None) | (isUpgrading && areStartsSeen ? StepState.Starting : StepState.None);
        var step = Steps + i + 1;
        if (!isUpgrading)
            return service.Draw(trial.Measure, step, trial.Before, state);

        var usual = service.Draw(trial.Measure, step, Scaled(trial.Before, 1 - 1.0 / pods));
        var restarting = service.Draw(trial.Measure, step, Scaled(trial.Before, 1.0 / pods) with { ErrorRatio = 0.02, MedianSeconds = 3 * trial.Before.MedianSeconds });
        return new StepSample(
            step,
            state,
            usual.Value + restarting.Value,
            usual.Total + restarting.Total,
            usual.Buckets?.Zip(restarting.Buckets!, (one, other) => one + other).ToArray());

        static Behaviour Scaled(Behaviour service, double share) => service with { RequestsPerSecond = share * service.RequestsPerSecond };
    }
}
