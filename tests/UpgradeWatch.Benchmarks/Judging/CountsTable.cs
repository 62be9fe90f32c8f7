using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Benchmarks.Judging;

/// <summary>
/// Error counts: an hour before and an hour after in steps of 15 s, looked at after every step, seeds 1 to n. False
/// alarms where nothing changed and within the tolerance, and what is found of five times the errors.
/// </summary>
internal static class CountsTable
{
    private static readonly double[] Requests = [1, 10, 100, 1000, 10_000];
    private static readonly double[] Ratios = [0.0001, 0.01, 0.05];

    public static void Print(TextWriter output, int runs)
    {
        output.WriteLine($"Error counts, alpha 1 %, {runs} runs each (seeds 1 to {runs})");
        output.WriteLine("requests/step  ratio  noise          false  x1.2   x5 found  median steps");
        foreach (var noise in new[] { false, true })
        {
            foreach (var requests in Requests)
            {
                foreach (var ratio in Ratios)
                    PrintCell(output, runs, requests, ratio, noise);
            }
        }

        output.WriteLine();
    }

    private static void PrintCell(TextWriter output, int runs, double requests, double ratio, bool noise)
    {
        var before = new Behaviour
        {
            RequestsPerSecond = requests / 15,
            ErrorRatio = ratio,
            LoadNoise = noise ? 0.2 : 0,
            ErrorNoise = noise ? 0.5 : 0,
        };
        var worse = Run(5);
        output.WriteLine(
            $"{requests,13:0}  {ratio,5:0.##%}  {(noise ? "overdispersed" : "binomial"),-13}  {Share(Run(1)),5}  {Share(Run(1.2)),5}  {Share(worse),8}  {worse.MedianSteps?.ToString() ?? "-",12}");

        Outcome Run(double factor) => new Trial
        {
            Measure = Measure.Ratio,
            StepSeconds = 15,
            BaselineSteps = 240,
            ObservedSteps = 240,
            Alpha = 0.01,
            Before = before,
            After = before with { ErrorRatio = factor * ratio },
        }.Run(runs);
    }

    private static string Share(Outcome outcome) => $"{(double)outcome.Failed / outcome.Runs:0.0%}";
}
