using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Benchmarks.Judging;

/// <summary>Log-normal latencies in the bounds of ASP.NET Core: false alarms, and what is found within the hour.</summary>
internal static class LatencyTable
{
    public static void Print(TextWriter output, int runs)
    {
        output.WriteLine($"Latency histograms, alpha 1 %, steps of 15 s, {runs} runs each (seeds 1 to {runs})");
        output.WriteLine("requests/step  noise        false  +20 % found (steps)  1 % ten times slower (steps)");
        foreach (var requests in new[] { 30.0, 300 })
        {
            foreach (var noise in new[] { 0, 0.08 })
            {
                var before = new Behaviour { RequestsPerSecond = requests / 15, LatencyNoise = noise };
                var calm = Run(before, before);
                var slower = Run(before, before with { MedianSeconds = 1.2 * before.MedianSeconds });
                var tail = Run(before, before with { SlowShare = 0.01 });
                output.WriteLine($"{requests,13:0}  {(noise > 0 ? "AR(.9) 8 %" : "independent"),-11}  {Share(calm),5}  {Share(slower),11} ({slower.MedianSteps,5})  {Share(tail),20} ({tail.MedianSteps,5})");
            }
        }

        output.WriteLine();

        Outcome Run(Behaviour before, Behaviour after) => new Trial
        {
            Measure = Measure.Buckets,
            StepSeconds = 15,
            BaselineSteps = 240,
            ObservedSteps = 240,
            Alpha = 0.01,
            Before = before,
            After = after,
        }.Run(runs);
    }

    private static string Share(Outcome outcome) => $"{(double)outcome.Failed / outcome.Runs:0.0%}";
}
