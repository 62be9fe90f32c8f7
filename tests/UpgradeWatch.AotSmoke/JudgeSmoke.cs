using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
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
        JudgeBySeason();
        return Task.CompletedTask;
    }

    /// <summary>A series with three days of history that stays where it was instead of going down with the day.</summary>
    private static void JudgeBySeason()
    {
        const long UpgradedAt = 29_000_000;
        var history = new MinuteSeries(UpgradedAt - (3 * 1440), [.. Enumerable.Range(-3 * 1440, 3 * 1440).Select(minute => (float)Value(minute))]);
        var options = new ReferenceOptions { Direction = Direction.Up };
        var made = SeriesReference.Create(history, UpgradedAt, options);
        var other = SeriesReference.Create(history with { Values = [.. history.Values.Select(value => 2 * value)] }, UpgradedAt, options);
        Expect.True(made is { IsSeasonal: true } && other is not null, "three days make a reference");
        var restored = SeriesReference.Restore(SeriesFamily.Join([made!, other!])[0].State);
        var spec = new SliSpec { Name = "queue", Measure = Measure.Gauge, Unit = "", Direction = Direction.Up, Tolerance = new Tolerance(0.1, null), StepSeconds = 60 };
        var before = Enumerable.Range(-60, 60).Select(minute => new StepSample(UpgradedAt + minute, StepState.None, Value(minute), double.NaN)).ToArray();
        var judge = SliJudge.Create(spec, before, new SliHistory { Reference = restored });
        for (var minute = 0; minute < 60; minute++) judge.Add(new StepSample(UpgradedAt + minute, StepState.None, Value(0), double.NaN));

        var finding = judge.Evaluate(new Moment(DateTimeOffset.UnixEpoch.AddMinutes(UpgradedAt), Stage.Watching));
        Expect.True(finding.Status == FindingStatus.Fail, $"what does not go down with the day fails, not: {finding}");
        Expect.True(finding.Reason.Contains("usual at this hour", StringComparison.Ordinal), $"it says what was expected, not: {finding.Reason}");
    }

    // Down from the middle at minute 0, with a little unrest.
    private static double Value(int minute) => 100 - (80 * Math.Sin(2 * Math.PI * minute / 1440)) + (minute * 7919 % 13 / 13.0);
}
