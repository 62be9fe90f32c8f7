using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Benchmarks.Cost;

/// <summary>
/// One SLI with 7 days of history at 60 s, whose judge sees a minute with every step: the dearest case, as shorter steps
/// are put together to minutes.
/// </summary>
internal sealed class Sli
{
    /// <summary>The first minute after the upgrade.</summary>
    public const long UpgradedAt = 28_000_000;

    private const int HistoryMinutes = 7 * SeriesReference.DayMinutes;
    private const int BaselineMinutes = 60;

    private readonly Measure _measure;
    private readonly Behaviour _behaviour = new() { RequestsPerSecond = 5 };
    private readonly Draw _draw;
    private readonly Service _service;
    private readonly StepSample[] _baseline;

    /// <param name="measure">How it is judged; a gauge is judged by its history.</param>
    /// <param name="seed">Of its values.</param>
    public Sli(Measure measure, int seed)
    {
        (_measure, _draw, _service) = (measure, new Draw(seed), new Service(seed, 60));
        _baseline = [.. Enumerable.Range(0, BaselineMinutes).Select(i => Step(UpgradedAt - BaselineMinutes + i))];
        History = new MinuteSeries(UpgradedAt - HistoryMinutes, [.. Enumerable.Range(0, HistoryMinutes).Select(i => (float)Value(UpgradedAt - HistoryMinutes + i))]);
        Spec = new SliSpec
        {
            Name = measure.ToString(),
            Measure = measure,
            Unit = "seconds",
            Direction = Direction.Up,
            Tolerance = new Tolerance(0.1, null),
            StepSeconds = 60,
            Bounds = measure == Measure.Buckets ? Service.AspNetCoreBounds : [],
        };
    }

    /// <summary>Its values before the upgrade.</summary>
    public MinuteSeries History { get; }

    private SliSpec Spec { get; }

    /// <summary>The reference that its history gives.</summary>
    public SeriesReference Calibrate() => SeriesReference.Create(History, UpgradedAt, new ReferenceOptions { Direction = Direction.Up })
        ?? throw new InvalidOperationException("7 days are enough for a reference.");

    /// <summary>A judge that has seen nothing yet.</summary>
    public SliJudge Judge(SeriesReference? reference) =>
        SliJudge.Create(Spec, _baseline, new SliHistory { Reference = reference });

    /// <summary>A judge of a ratio and the history that it is given, as they are kept for one.</summary>
    public (SliJudge Judge, SliHistory History) JudgeWithEvents()
    {
        var history = new SliHistory { Events = new EventSeries(60, new float[HistoryMinutes], [.. Enumerable.Repeat(300f, HistoryMinutes)]) };
        return (SliJudge.Create(Spec, _baseline, history), history);
    }

    /// <summary>The step that ends with a minute.</summary>
    public StepSample Step(long minute) => _measure == Measure.Gauge
        ? new StepSample(minute, StepState.None, Value(minute), double.NaN)
        : _service.Draw(_measure, minute, _behaviour);

    /// <summary>A daily rhythm with 5 % of noise.</summary>
    private double Value(long minute) =>
        (0.1 + (0.05 * Math.Sin(2 * Math.PI * minute / SeriesReference.DayMinutes))) * Math.Exp(0.05 * _draw.Normal());
}
