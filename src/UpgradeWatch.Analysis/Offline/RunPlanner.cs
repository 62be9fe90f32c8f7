using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histograms;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.SmallSamples;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>
/// Which SLIs a series is judged as: a gauge and a ratio as one, a histogram by its buckets and, where there is history
/// enough, by its quantiles as series.
/// </summary>
internal static class RunPlanner
{
    private const int BaselineSteps = 60;

    private static readonly double[] QuantilesOfHistograms = [0.5, 0.95, 0.99];

    /// <summary>The SLIs, the one that the series is named after first.</summary>
    public static IReadOnlyList<SliRun> Plan(SeriesInput input, Timeline timeline, IReadOnlyList<GridRow> before, IReadOnlyList<GridRow> after)
    {
        var spec = SpecOf(input, timeline.StepSeconds);
        return input.Measure switch
        {
            Measure.Gauge => [Gauge(spec, input, timeline, before, after)],
            Measure.Buckets => [MakeRun(spec, input, timeline.FirstStep, before, after), .. QuantileRuns(spec, input, timeline, before, after)],
            _ => [MakeRun(spec, input, timeline.FirstStep, before, after) with { History = EventsBefore(spec, input, before) }],
        };
    }

    private static SliSpec SpecOf(SeriesInput input, double stepSeconds) => new()
    {
        Name = input.Name,
        Measure = input.Measure,
        Unit = input.Unit,
        Direction = input.Direction,
        Tolerance = input.Tolerance ?? SeriesAnalysis.DefaultTolerance(input.Measure),
        UpperLimit = input.UpperLimit,
        LowerLimit = input.LowerLimit,
        StepSeconds = stepSeconds,
        Bounds = input.Bounds,
    };

    private static SliRun Gauge(SliSpec spec, SeriesInput input, Timeline timeline, IReadOnlyList<GridRow> before, IReadOnlyList<GridRow> after)
    {
        var minutes = Minutes.OfGauge(before, timeline);
        var isSmall = before.Count(HasValue) < SmallSample.Fewest
            || (after.Count(HasValue) < SmallSample.Fewest && minutes.Count(HasValue) < SeriesReference.DayMinutes);
        if (isSmall || MakeReference(minutes, input, timeline) is not { } reference)
            return MakeRun(spec, input, timeline.FirstStep, before, after) with { IsSmall = isSmall };

        var history = new SliHistory { Reference = reference };
        return timeline.StepSeconds <= Timeline.MinuteSeconds
            ? MakeRun(spec, input, timeline.FirstStep, before, after) with { History = history }
            : MakeRun(spec with { StepSeconds = Timeline.MinuteSeconds }, input, timeline.FirstMinute, minutes, Minutes.OfGauge(after, timeline)) with { History = history };
    }

    /// <summary>The quantiles minute by minute; none without history enough for a reference.</summary>
    private static IEnumerable<SliRun> QuantileRuns(SliSpec spec, SeriesInput input, Timeline timeline, IReadOnlyList<GridRow> before, IReadOnlyList<GridRow> after)
    {
        var (minutesBefore, minutesAfter) = (Minutes.OfBuckets(before, timeline), Minutes.OfBuckets(after, timeline));
        var runs = new List<SliRun>();
        var references = new List<SeriesReference>();
        foreach (var q in QuantilesOfHistograms)
        {
            var was = Quantile(minutesBefore, input.Bounds, q);
            if (MakeReference(was, input with { Direction = Direction.Up }, timeline) is not { } reference)
                return [];
            references.Add(reference);
            var series = spec with
            {
                Name = $"p{100 * q:0} {spec.Name}",
                Measure = Measure.Gauge,
                Direction = Direction.Up,
                IsQuantile = true,
                Bounds = [],
                UpperLimit = null,
                LowerLimit = null,
                StepSeconds = Timeline.MinuteSeconds,
            };
            runs.Add(MakeRun(series, input, timeline.FirstMinute, was, Quantile(minutesAfter, input.Bounds, q)));
        }

        return runs.Zip(SeriesFamily.Join(references), (run, reference) => run with { History = new SliHistory { Reference = reference } });
    }

    private static List<GridRow> Quantile(IReadOnlyList<GridRow> rows, IReadOnlyList<double> bounds, double q) =>
        [.. rows.Select(row => row with { Row = new SeriesRow(row.Row.Timestamp, row.Row.Buckets is { } buckets ? Quantiles.At(buckets, bounds, q) : double.NaN) })];

    private static SeriesReference? MakeReference(IReadOnlyList<GridRow> minutes, SeriesInput input, Timeline timeline) =>
        SeriesReference.Create(Minutes.ToSeries(minutes, timeline), timeline.FirstMinute, new ReferenceOptions
        {
            Direction = input.Direction,
            HorizonMinutes = (int)Math.Clamp(Math.Ceiling(input.ObservedSeconds / Timeline.MinuteSeconds), 10, 1440),
            TimeZone = input.TimeZone,
        });

    private static SliHistory? EventsBefore(SliSpec spec, SeriesInput input, IReadOnlyList<GridRow> before)
    {
        var isRatio = spec.Measure == Measure.Ratio;
        GridRow[] rows = [.. before.Where(row => row.Index < -StepsOfBaseline(input, spec.StepSeconds)
            && double.IsFinite(row.Row.Total) && (!isRatio || double.IsFinite(row.Row.Value)))];
        return rows.Length == 0 ? null : new SliHistory
        {
            Events = new EventSeries(
                spec.StepSeconds,
                Array.ConvertAll(rows, row => (float)(isRatio ? row.Row.Value : row.Row.Total)),
                Array.ConvertAll(rows, row => isRatio ? (float)row.Row.Total : 1)),
        };
    }

    private static double StepsOfBaseline(SeriesInput input, double stepSeconds) => Math.Max(input.BaselineSeconds / stepSeconds, BaselineSteps);

    private static SliRun MakeRun(SliSpec spec, SeriesInput input, long first, IReadOnlyList<GridRow> before, IReadOnlyList<GridRow> after) => new()
    {
        Spec = spec,
        Baseline = [.. before.Where(row => row.Index >= -StepsOfBaseline(input, spec.StepSeconds)).Select(row => Sample(row, first))],
        After = [.. after.Select(row => (Sample(row, first), row.Row.Timestamp))],
    };

    private static StepSample Sample(GridRow row, long first) =>
        new(first + row.Index, StepState.None, row.Row.Value, row.Row.Total, row.Row.Buckets);

    private static bool HasValue(GridRow row) => double.IsFinite(row.Row.Value);
}
