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

    /// <summary>From so much history on, a series is judged by it however few rows there are since the change.</summary>
    private const double CalibratedMinutes = 1440;

    private static readonly double[] QuantilesOfHistograms = [0.5, 0.95, 0.99];

    /// <summary>The SLIs, the one that the series is named after first.</summary>
    public static IReadOnlyList<SliRun> Plan(SeriesInput input, Timeline timeline, IReadOnlyList<GridRow> before, IReadOnlyList<GridRow> after)
    {
        var spec = SpecOf(input, timeline.StepSeconds);
        return input.Measure switch
        {
            Measure.Gauge => [Gauge(spec, input, timeline, before, after)],
            Measure.Buckets => [MakeRun(spec, input, timeline, timeline.FirstStep, before, after), .. QuantileRuns(spec, input, timeline, before, after)],
            _ => [MakeRun(spec, input, timeline, timeline.FirstStep, before, after) with { History = EventsBefore(spec, input, before) }],
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
        var minutes = Minutes.Average(before, timeline);
        var isSmall = before.Count(HasValue) < SmallSample.Fewest
            || (after.Count(HasValue) < SmallSample.Fewest && minutes.Values.Count(float.IsFinite) < CalibratedMinutes);
        var run = MakeRun(spec, input, timeline, timeline.FirstStep, before, after) with { IsSmall = isSmall };
        return isSmall ? run : run with { History = new SliHistory { Reference = MakeReference(minutes, input, timeline) } };
    }

    private static IEnumerable<SliRun> QuantileRuns(SliSpec spec, SeriesInput input, Timeline timeline, IReadOnlyList<GridRow> before, IReadOnlyList<GridRow> after)
    {
        var isFine = timeline.StepSeconds < Timeline.MinuteSeconds;
        var (minutesBefore, minutesAfter) = (Minutes.AddBuckets(before, timeline), Minutes.AddBuckets(after, timeline));
        var runs = new List<SliRun>();
        var references = new List<SeriesReference>();
        foreach (var q in QuantilesOfHistograms)
        {
            var (was, since) = (Quantile(minutesBefore, input.Bounds, q), Quantile(minutesAfter, input.Bounds, q));
            var minutes = isFine ? PerMinute(was, timeline) : Minutes.Average(was, timeline);
            if (MakeReference(minutes, input with { Direction = Direction.Up }, timeline) is not { } reference)
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
                StepSeconds = Math.Max(Timeline.MinuteSeconds, timeline.StepSeconds),
            };
            runs.Add(MakeRun(series, input, timeline, isFine ? timeline.FirstMinute : timeline.FirstStep, was, since));
        }

        return runs.Zip(SeriesFamily.Join(references), (run, reference) => run with { History = new SliHistory { Reference = reference } });
    }

    private static List<GridRow> Quantile(IReadOnlyList<GridRow> rows, IReadOnlyList<double> bounds, double q) =>
        [.. rows.Select(row => row with { Row = new SeriesRow(row.Row.Timestamp, row.Row.Buckets is { } buckets ? Quantiles.At(buckets, bounds, q) : double.NaN) })];

    /// <summary>Rows that are minutes already, as a series of minutes.</summary>
    private static MinuteSeries PerMinute(List<GridRow> minutes, Timeline timeline)
    {
        if (minutes.Count == 0)
            return new MinuteSeries(timeline.FirstMinute, []);

        var values = new float[-minutes[0].Index];
        Array.Fill(values, float.NaN);
        foreach (var (index, row) in minutes)
            values[index - minutes[0].Index] = (float)row.Value;
        return new MinuteSeries(timeline.FirstMinute + minutes[0].Index, values);
    }

    private static SeriesReference? MakeReference(MinuteSeries minutes, SeriesInput input, Timeline timeline) =>
        SeriesReference.Create(minutes, timeline.FirstMinute, new ReferenceOptions
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

    private static SliRun MakeRun(SliSpec spec, SeriesInput input, Timeline timeline, long first, IReadOnlyList<GridRow> before, IReadOnlyList<GridRow> after) => new()
    {
        Spec = spec,
        Baseline = [.. before.Where(row => row.Index >= -StepsOfBaseline(input, spec.StepSeconds)).Select(row => Sample(row, first))],
        After = [.. after.Select(row => (Sample(row, first), row.Row.Timestamp))],
    };

    private static StepSample Sample(GridRow row, long first) =>
        new(first + row.Index, StepState.None, row.Row.Value, row.Row.Total, row.Row.Buckets);

    private static bool HasValue(GridRow row) => double.IsFinite(row.Row.Value);
}
