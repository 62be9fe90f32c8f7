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

    /// <summary>Minutes inside the band after which what comes is another departure and not the same one.</summary>
    private const int QuarterHour = 15;

    private readonly SliSpec _spec;
    private readonly SeriesReference _reference;
    private readonly SeriesTest _test;
    private readonly MinuteMeans _minutes;
    private readonly bool _isCount;
    private readonly Queue<double> _recent = new(RecentSteps.Steps + 1);
    private long? _previous;
    private double _evidence;
    private Stray? _worst;
    private long? _since;
    private double _chanceOfDeparture = 1;
    private int _calmMinutes;
    private double _seen;
    private double _expected;

    public SeriesMeasurement(SliSpec spec, IReadOnlyList<StepSample> baseline, SeriesReference reference)
    {
        (_spec, _reference) = (spec, reference);
        _isCount = spec.Measure == Measure.Count;
        _test = new SeriesTest(reference, spec.Direction);
        _minutes = new MinuteMeans(spec.StepSeconds, TakeMinute);
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

    /// <summary>Of strays beyond tolerance: others are no reason to say anything, however rare they are.</summary>
    public override double LogEvidence => _evidence;

    public override double? PValue => _test.Chance;

    /// <summary>
    /// What was rare an hour ago proves nothing about a departure of now that is as usual as one good moment in ten: it
    /// must be rare itself.
    /// </summary>
    public override Departure Recent => IsAway && _chanceOfDeparture < _spec.SeriesWarnAlpha ? Departure.Beyond : Departure.None;

    public override long? Onset => (_since ?? _worst?.FirstMinute) is { } minute
        ? (long)Math.Floor((minute - 1) * MinuteSeconds / _spec.StepSeconds) + 1
        : null;

    public override double LimitedValue => Current;

    private bool IsAway => !_test.IsInside && _test.Position is { } position && _spec.Tolerance.IsBeyond(position.Seen, position.Expected, _spec.Direction);

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
        _minutes.Add(step.Step, value);
    }

    public override string? Tell(Wording words, bool abnormal, long? since)
    {
        if (abnormal)
            return _worst is { } worst ? words.Strayed(_reference, worst, _test.OwnChance, since, isBack: !IsAway) : null;
        return _test.Furthest is { } stray && _test.Chance < _spec.SeriesWarnAlpha && _worst is null
            ? words.Tolerated(_reference, stray, _test.OwnChance)
            : words.Usual(_reference, Draw(false), _test.OwnChance);
    }

    public override Picture Draw(bool abnormal)
    {
        var stray = abnormal ? _worst ?? _test.Furthest : null;
        var expected = stray?.Expected ?? _test.Position?.Expected ?? _reference.ExpectedAt(_reference.State.UpgradedAt);
        var minute = stray?.FirstMinute ?? _minutes.Last ?? _reference.State.UpgradedAt;
        var width = Math.Max(_reference.WidthAt(minute, Math.Min(0.1, _spec.SeriesAlpha)), _spec.Tolerance.Width(expected));
        if (expected == 0 && width < 1e-9)
            width = 0;
        var ratio = stray is { } found ? found.Seen / found.Expected : _seen / _expected;
        return new Picture(
            _spec.Name,
            expected,
            expected - width,
            expected + width,
            Current,
            double.IsFinite(ratio) ? new Change(ratio, double.NaN, double.NaN) : Change.Unknown);
    }

    private void TakeMinute(long minute, double value)
    {
        _test.Add(minute, value);
        if (_reference.ExpectedAt(minute) is var expected && double.IsFinite(expected))
        {
            _seen += value;
            _expected += expected;
        }

        if (!IsAway)
            _calmMinutes++;
        else
            Depart(minute);
        if (_since is { } since)
            _chanceOfDeparture = Math.Min(_chanceOfDeparture, _test.ChanceSince(since));
        Weigh();
    }

    private void Depart(long minute)
    {
        if (_since is null || _calmMinutes >= QuarterHour)
        {
            // It is the middle one of three minutes that is away: so was the one before.
            (_since, _worst, _chanceOfDeparture) = (Math.Max(minute - 1, _reference.State.UpgradedAt), null, 1);
        }

        _calmMinutes = 0;
    }

    private void Weigh()
    {
        if (Matters(_test.Furthest))
            _evidence = Math.Max(_evidence, -Math.Log(_test.Chance));
        if (!Matters(_test.Now))
            return;

        // What was further away before did not matter: then only what is now is evidence.
        _evidence = Math.Max(_evidence, -Math.Log(_test.ChanceNow));
        if (!(_worst?.Size > _test.Now!.Value.Size))
            _worst = _test.Now;
    }

    private bool Matters(Stray? stray) => stray is { } found && _spec.Tolerance.IsBeyond(found.Seen, found.Expected, _spec.Direction);
}
