using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Sentences;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>
/// A series with a history: one number per step, or requests per second, held against what is usual and against how far
/// it strays from that when nothing is upgraded.
/// </summary>
internal sealed class SeriesMeasurement : Measurement
{
    private const double MinuteSeconds = 60;

    private readonly SliSpec _spec;
    private readonly SeriesReference _reference;
    private readonly SeriesTest _test;
    private readonly bool _isCount;
    private readonly Queue<double> _recent = new(RecentSteps.Steps + 1);
    private long _minute = long.MinValue;
    private double _sum;
    private int _steps;
    private long? _previous;
    private bool _insideSinceMark = true;
    private double _seen;
    private double _expected;

    public SeriesMeasurement(SliSpec spec, IReadOnlyList<StepSample> baseline, SeriesReference reference)
    {
        (_spec, _reference) = (spec, reference);
        _isCount = spec.Measure == Measure.Count;
        _test = new SeriesTest(reference, spec.Direction);
        var events = 0.0;
        foreach (var step in baseline)
        {
            if (!IsSample(step))
                continue;
            BaselineSamples++;
            events += step.Total;
        }

        ExpectedEvents = _isCount ? events / Math.Max(1, BaselineSamples) : double.PositiveInfinity;
    }

    public override long BaselineSamples { get; }

    public override double ExpectedEvents { get; }

    public override bool IsSeries => true;

    public override double LogEvidence => IsBeyondTolerance(_test.Furthest) ? -Math.Log(_test.Chance) : 0;

    public override double? PValue => _test.Chance;

    public override Departure Recent =>
        !_test.IsInside && (IsBeyondTolerance(_test.Now) || IsBeyondTolerance(_test.Furthest)) ? Departure.Beyond : Departure.None;

    public override bool InsideSinceMark => _insideSinceMark;

    public override long? Onset => _test.Furthest is { } stray
        ? (long)Math.Floor((stray.FirstMinute - 1) * MinuteSeconds / _spec.StepSeconds) + 1
        : null;

    public override double LimitedValue => Current;

    private double Current => _recent.Count == 0 ? double.NaN : _recent.Average();

    public override bool IsSample(in StepSample step) => double.IsFinite(_isCount ? step.Total : step.Value);

    public override void Take(in StepSample step)
    {
        // A counter goes on while nobody looks: the first look after a gap finds the events of all of it.
        var mayHoldMore = _isCount && step.Step > _previous + 1;
        _previous = step.Step;
        if (mayHoldMore)
            return;

        var value = _isCount ? step.Total / _spec.StepSeconds : step.Value;
        _recent.Enqueue(value);
        if (_recent.Count > RecentSteps.Steps)
            _recent.Dequeue();
        var end = step.Step * _spec.StepSeconds / MinuteSeconds;
        var minute = (long)Math.Ceiling(end - 1e-9);
        if (minute != _minute)
            CloseMinute(minute);
        _sum += value;
        _steps++;
        if (Math.Abs(end - minute) < 1e-9)
            CloseMinute(minute + 1);
    }

    public override void MarkInside() => _insideSinceMark = true;

    public override string? Tell(Wording words, bool abnormal) =>
        (abnormal ? _test.Furthest : _test.Now) is { } stray ? words.Series(_reference, stray, _test.Chance, abnormal) : null;

    public override Picture Draw(bool abnormal)
    {
        var stray = abnormal ? _test.Furthest : _test.Now;
        var newest = _minute == long.MinValue ? _reference.State.UpgradedAt : _minute - 1;
        var expected = stray?.Expected ?? _reference.ExpectedAt(newest);
        var width = Math.Max(_reference.WidthAt(stray?.FirstMinute ?? newest, Math.Min(0.1, _spec.SeriesAlpha)), _spec.Tolerance.Width(expected));
        var ratio = stray is { } found && abnormal ? found.Seen / found.Expected : _seen / _expected;
        return new Picture(
            _spec.Name,
            expected,
            expected - width,
            expected + width,
            Current,
            double.IsFinite(ratio) ? new Change(ratio, double.NaN, double.NaN) : Change.Unknown);
    }

    private void CloseMinute(long next)
    {
        if (_steps > 0)
        {
            var value = _sum / _steps;
            _test.Add(_minute, value);
            _insideSinceMark &= _test.IsInside;
            if (_reference.ExpectedAt(_minute) is var expected && double.IsFinite(expected))
            {
                _seen += value;
                _expected += expected;
            }
        }

        (_minute, _sum, _steps) = (next, 0, 0);
    }

    private bool IsBeyondTolerance(Stray? stray) =>
        stray is { } found && _spec.Tolerance.IsBeyond(found.Seen, found.Expected, _spec.Direction);
}
