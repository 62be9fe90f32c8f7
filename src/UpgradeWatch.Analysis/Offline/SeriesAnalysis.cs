using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histograms;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Numerics;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.SmallSamples;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>Judges a change in a series that is there as a whole.</summary>
public static class SeriesAnalysis
{
    private const int BaselineSteps = 60;

    /// <summary>Tolerance where none is configured: 10 % for latencies, 25 % and 0.1 percentage points for ratios, 30 % for counts, none for gauges.</summary>
    public static Tolerance DefaultTolerance(Measure measure) => measure switch
    {
        Measure.Ratio => new Tolerance(0.25, 0.001),
        Measure.Count => new Tolerance(0.30, null),
        Measure.Buckets => new Tolerance(0.10, null),
        _ => Tolerance.None,
    };

    /// <summary>
    /// Infers the step from the rows, splits them at the change, and judges what came after as if the window had
    /// closed: no warm-up is left out, the series is critical. A gauge with under 40 steps on either side is judged by
    /// the small-sample tests.
    /// </summary>
    /// <exception cref="ArgumentException">The bounds and the rows, or the levels, contradict each other; the message names how.</exception>
    public static SeriesResult Analyze(SeriesInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var stepSeconds = InferStep(input.Rows);
        var spec = SpecOf(input, stepSeconds);
        var (before, after) = Split(input, stepSeconds);
        var moment = new Moment(StepTime.FromUnixSeconds(input.ChangeAt), Stage.Closed);

        var judge = MakeJudge(spec, before, after);
        double? flagged = null;
        foreach (var step in after)
        {
            judge.Add(step);
            if (flagged is null && judge.Failure.Stands)
                flagged = step.Step * stepSeconds;
        }

        var finding = judge.Evaluate(moment);
        var q = Quantile(judge, finding);
        List<BandPoint> band = [.. before.Select(step => Draw(spec, finding, step, q, false)), .. after.Select(step => Draw(spec, finding, step, q, true))];
        return new SeriesResult(finding, flagged, stepSeconds, band);
    }

    /// <summary>The median distance between rows; 60 s for fewer than two.</summary>
    private static double InferStep(IReadOnlyList<SeriesRow> rows)
    {
        double[] times = [.. rows.Select(row => row.Timestamp).Where(double.IsFinite).Order().Distinct()];
        return times.Length < 2 ? 60 : Robust.Median([.. times.Skip(1).Zip(times, (later, earlier) => later - earlier)]);
    }

    private static SliSpec SpecOf(SeriesInput input, double stepSeconds) => new()
    {
        Name = input.Name,
        Measure = input.Measure,
        Unit = input.Unit,
        Direction = input.Direction,
        Tolerance = input.Tolerance ?? DefaultTolerance(input.Measure),
        UpperLimit = input.UpperLimit,
        LowerLimit = input.LowerLimit,
        Alpha = input.Alpha,
        WarnAlpha = Math.Min(0.5, 5 * input.Alpha),
        StepSeconds = stepSeconds,
        Bounds = input.Bounds,
    };

    private static (List<StepSample> Before, List<StepSample> After) Split(SeriesInput input, double stepSeconds)
    {
        var before = new SortedDictionary<long, StepSample>();
        var after = new SortedDictionary<long, StepSample>();
        var length = Math.Max(input.BaselineSeconds, BaselineSteps * stepSeconds);
        foreach (var row in input.Rows)
        {
            if (!double.IsFinite(row.Timestamp) || row.Timestamp < input.ChangeAt - length || row.Timestamp > input.ChangeAt + input.ObservedSeconds)
                continue;

            var step = new StepSample((long)Math.Round(row.Timestamp / stepSeconds), StepState.None, row.Value, row.Total, row.Buckets);
            var side = row.Timestamp < input.ChangeAt ? before : after;
            side[step.Step] = step;
        }

        // Rounding can put the last row before and the first after into the same step.
        if (before.Count > 0 && after.Remove(before.Keys.Last(), out var shared))
            after.TryAdd(shared.Step + 1, shared with { Step = shared.Step + 1 });
        return ([.. before.Values], [.. after.Values]);
    }

    private static StepJudge MakeJudge(SliSpec spec, List<StepSample> before, List<StepSample> after)
    {
        var isSmall = spec.Measure == Measure.Gauge && after.Count(step => double.IsFinite(step.Value)) < SmallSample.Fewest;
        return SliJudge.Make(spec, before, isSmall);
    }

    /// <summary>The quantile whose value over the last steps the finding shows; that is how a plot of a histogram fits its finding.</summary>
    private static double Quantile(StepJudge judge, SliFinding finding)
    {
        var subject = judge.Measurement.Draw(finding.Status is FindingStatus.Fail or FindingStatus.Warn).Subject;
        return subject.StartsWith("p50 ", StringComparison.Ordinal) ? 0.5
            : subject.StartsWith("p99 ", StringComparison.Ordinal) ? 0.99
            : 0.95;
    }

    private static BandPoint Draw(SliSpec spec, SliFinding finding, in StepSample step, double q, bool isAfter)
    {
        var value = spec.Measure switch
        {
            Measure.Ratio => step.Value / step.Total,
            Measure.Count => step.Total / spec.StepSeconds,
            Measure.Buckets => step.Buckets is { } buckets ? Quantiles.At(buckets, spec.Bounds, q) : double.NaN,
            _ => step.Value,
        };
        return new BandPoint(
            step.Step * spec.StepSeconds,
            value,
            finding.ExpectedLower ?? double.NaN,
            finding.ExpectedUpper ?? double.NaN,
            isAfter);
    }
}
