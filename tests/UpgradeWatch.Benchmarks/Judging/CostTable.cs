using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Benchmarks.Judging;

/// <summary>What one new step and one look cost for one SLI, and the memory of its judge.</summary>
internal static class CostTable
{
    private const int Steps = 5000;

    public static void Print(TextWriter output, TimeProvider time)
    {
        output.WriteLine($"One new step and one look, mean of {Steps}");
        foreach (var measure in new[] { Measure.Ratio, Measure.Count, Measure.Buckets })
        {
            var trial = new Trial { Measure = measure, StepSeconds = 15 };
            var service = new Service(1, 15);
            var baseline = Enumerable.Range(1, 240).Select(step => service.Draw(measure, step, trial.Before)).ToArray();
            var steps = Enumerable.Range(1, Steps).Select(step => baseline[step % 240] with { Step = 240 + step }).ToArray();
            var judge = SliJudge.Create(trial.Spec(), baseline);
            var moment = new Moment(DateTimeOffset.UnixEpoch, Stage.Watching);
            var start = time.GetTimestamp();
            foreach (var step in steps)
            {
                judge.Add(step);
                judge.Evaluate(moment);
            }

            output.WriteLine($"{measure,-8} {time.GetElapsedTime(start).TotalMicroseconds / Steps,6:0.0} us");
        }

        output.WriteLine();
    }
}
