using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.AotSmoke;

/// <summary>Judges an error ratio that jumps from 0.1 % to 10 %.</summary>
internal static class JudgeSmoke
{
    private const int StepSeconds = 15;
    private const int BaselineSteps = 240;
    private const int ObservedSteps = 60;

    public static Task RunAsync()
    {
        var spec = new SliSpec
        {
            Name = "error-ratio",
            Measure = Measure.Ratio,
            Unit = "ratio",
            Direction = Direction.Up,
            Tolerance = new Tolerance(0.25, 0.001),
            StepSeconds = StepSeconds,
        };
        var judge = SliJudge.Create(spec, [.. Enumerable.Range(0, BaselineSteps).Select(i => new StepSample(i, StepState.None, i % 2, 500))]);
        for (var step = BaselineSteps; step < BaselineSteps + ObservedSteps; step++)
        {
            judge.Add(new StepSample(step, StepState.None, 50, 500));
        }

        var finding = judge.Evaluate(new Moment(DateTimeOffset.UnixEpoch.AddSeconds(BaselineSteps * StepSeconds), Stage.Watching));
        Expect.True(finding.Status == FindingStatus.Fail, $"ten per cent of errors fail, not: {finding}");
        return Task.CompletedTask;
    }
}
