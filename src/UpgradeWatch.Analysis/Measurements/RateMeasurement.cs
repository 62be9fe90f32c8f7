using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>Events over what they are events of: bad requests over all requests, or requests over steps (traffic).</summary>
internal sealed class RateMeasurement : Measurement
{
    /// <summary>Traffic varies by itself; in fewer steps than this nobody can see how much.</summary>
    private const int FewestTrafficSteps = 8;

    private readonly SliSpec _spec;
    private readonly bool _isRatio;
    private readonly double _scale;
    private readonly double _before;
    private readonly double _exposure;
    private readonly Overdispersion _dispersion = Overdispersion.None;
    private readonly RateSide[] _sides = [];
    private readonly RecentSteps _recent;
    private double _evidence;
    private double _events;
    private double _reach;
    private double _markedEvents;
    private double _markedReach;
    private long? _previous;

    public RateMeasurement(SliSpec spec, IReadOnlyList<StepSample> baseline, EventSeries? history)
    {
        _spec = spec;
        _isRatio = spec.Measure == Measure.Ratio;
        _scale = _isRatio ? 1 : 1 / spec.StepSeconds;
        var events = new List<double>(baseline.Count);
        var exposures = new List<double>(baseline.Count);
        long? previous = null;
        foreach (var step in baseline)
        {
            if (!IsSample(step))
                continue;
            var mayHoldMore = MayHoldMore(step, previous);
            previous = step.Step;
            if (mayHoldMore)
                continue;
            events.Add(Events(step));
            exposures.Add(Exposure(step));
        }

        BaselineSamples = events.Count;
        _before = events.Sum();
        _exposure = exposures.Sum();

        // Traffic needs the steps in which so many requests are to be expected.
        var least = _isRatio ? RecentSteps.Requests : Math.Ceiling(RecentSteps.Requests * _exposure / Math.Max(1, _before));
        _recent = new RecentSteps(RecentSteps.Steps, least);
        if (!HasRate)
            return;

        var usual = _isRatio ? NoisePrior.Errors : NoisePrior.Traffic;
        _dispersion = Dispersion.Estimate(events.ToArray(), exposures.ToArray(), usual, spec.StepSeconds, history);
        _sides = RateSide.For(spec.Direction, StepTolerance, _before, _exposure, _dispersion, least);
        _evidence = _sides.Length == 0 ? double.NegativeInfinity : 0;
    }

    public override long BaselineSamples { get; }

    public override Conclusion? Obstacle => _isRatio || BaselineSamples is 0 or >= FewestTrafficSteps
        ? null
        : new Conclusion(
            FindingStatus.Inconclusive,
            FindingCodes.TooLittleData,
            $"{_spec.Name} has only {BaselineSamples} steps before the upgrade, and {FewestTrafficSteps} are needed to know how much it varies by itself.");

    public override double ExpectedEvents => (_isRatio ? _exposure : _before) / Math.Max(1, BaselineSamples);

    public override double Requests => _isRatio ? _reach : double.PositiveInfinity;

    public override double LogEvidence =>
        HasRate ? _evidence : IsLimitTested ? LimitTest.LogEvidence(_events, _reach, Limit) : double.NegativeInfinity;

    public override Departure Recent
    {
        get
        {
            if (!HasRate)
                return IsLimitTested && RecentRate > Limit ? Departure.Beyond : Departure.None;

            foreach (var side in _sides)
            {
                if (StepTolerance.IsBeyond(RecentRate, Baseline, side.Direction)
                    && (side.Test.IsLoudNow() || side.Test.LastingEvidence >= -Math.Log(_spec.Alpha)))
                    return Departure.Beyond;
            }

            return Departure.None;
        }
    }

    public override bool InsideSinceMark => HasRate
        ? !StepTolerance.IsBeyond(_markedEvents / _markedReach, Baseline, _spec.Direction)
        : !IsLimitTested || !(_markedEvents / _markedReach > Limit);

    public override long? Onset => _sides.Select(side => side.Test.Onset).Min();

    public override double LimitedValue =>
        _isRatio && _recent.Exposure < RecentSteps.Requests ? double.NaN : RecentRate * _scale;

    private bool HasRate => _exposure > 0;

    /// <summary>Without a baseline only a share of bad requests has a limit that holds everywhere.</summary>
    private bool IsLimitTested => _isRatio && _spec.Direction != Direction.Down;

    private double Limit => _spec.UpperLimit ?? LimitTest.DefaultLimit;

    private double Baseline => _before / _exposure;

    private double RecentRate => _recent.Events / _recent.Exposure;

    private Tolerance StepTolerance => _spec.Tolerance with { Absolute = _spec.Tolerance.Absolute / _scale };

    public override bool IsSample(in StepSample step) => Usable(step.Total) && (!_isRatio || Usable(step.Value));

    public override bool IsCollapsed(in StepSample step) => _isRatio && step.Value > 0.5 * step.Total && !(Baseline > 0.5);

    public override void Take(in StepSample step)
    {
        var mayHoldMore = MayHoldMore(step, _previous);
        _previous = step.Step;
        if (mayHoldMore)
            return;

        var events = Events(step);
        var exposure = Exposure(step);
        _events += events;
        _reach += exposure;
        _markedEvents += events;
        _markedReach += exposure;
        _recent.Add(events, exposure);
        Span<double> evidence = stackalloc double[_sides.Length];
        for (var i = 0; i < evidence.Length; i++)
        {
            _sides[i].Test.Take(step.Step, events, exposure);
            evidence[i] = _sides[i].Test.LogEvidence;
        }

        // The mean of two e-values is one, whatever ties them together.
        if (!evidence.IsEmpty)
            _evidence = CountTest.LogMean(evidence);
    }

    public override void MarkInside()
    {
        _markedEvents = 0;
        _markedReach = 0;
    }

    public override Picture Draw(bool abnormal)
    {
        var width = StepTolerance.Width(Baseline);
        var change = HasRate
            ? RateChange.Between(_before, _exposure, _events, _reach, _dispersion.Mean)
            : Change.Unknown;
        return new Picture(
            _spec.Name,
            Baseline * _scale,
            Math.Max(0, Baseline - width) * _scale,
            (Baseline + width) * _scale,
            RecentRate * _scale,
            change);
    }

    // A counter goes on while nobody looks: the first look after a gap finds the events of all of it in one step. To a
    // ratio that is no matter, but to traffic it would be a peak that hides what is missing later.
    private bool MayHoldMore(in StepSample step, long? previous) => !_isRatio && step.Step > previous + 1;

    private static bool Usable(double count) => double.IsFinite(count) && count >= 0;

    private double Events(in StepSample step) => _isRatio ? step.Value : step.Total;

    private double Exposure(in StepSample step) => _isRatio ? step.Total : 1;
}
