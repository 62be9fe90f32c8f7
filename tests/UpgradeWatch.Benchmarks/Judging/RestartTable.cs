using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Benchmarks.Judging;

/// <summary>Good upgrades whose restart does not go unnoticed (<see cref="Restart"/>).</summary>
internal static class RestartTable
{
    public static void Print(TextWriter output, Runs runs)
    {
        output.WriteLine($"### Restarts of good upgrades ({runs.Seeds})");
        output.WriteLine();
        output.WriteLine("For 60 s after its start a pod answers three times as slowly and with 2 % errors; the pods restart one after the other.");
        output.WriteLine("0.1 % errors, 1 h before, 1 h after, steps of 15 s, alpha 1 % for errors, latency and traffic together.");
        output.WriteLine("\"Unseen\": nobody tells when pods start, only the 2 min after each phase are left out.");
        output.WriteLine();
        var table = new MarkdownTable(output, "requests", "pods", "failed", "warned", "failed, starts unseen");
        foreach (var requests in new[] { 1.0, 10, 100, 1000, 10_000 })
        {
            foreach (var pods in new[] { 1, 3, 10 })
            {
                var seen = Run(runs, new Restart(requests, pods));
                var unseen = Run(runs, new Restart(requests, pods, AreStartsSeen: false));
                table.Add($"{requests:0}", $"{pods}", MarkdownTable.Share(seen.Failed, runs.Count), MarkdownTable.Share(seen.Warned, runs.Count), MarkdownTable.Share(unseen.Failed, runs.Count));
            }
        }

        output.WriteLine();
    }

    private static (int Failed, int Warned) Run(Runs runs, Restart restart)
    {
        var worst = new FindingStatus[runs.Count];
        Parallel.For(0, runs.Count, Runs.Parallelism, run => worst[run] = restart.Worst(runs.SeedOf(run)));
        return (worst.Count(status => status == FindingStatus.Fail), worst.Count(status => status == FindingStatus.Warn));
    }
}
