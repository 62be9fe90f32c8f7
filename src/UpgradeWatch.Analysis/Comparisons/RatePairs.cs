using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Measurements;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Comparisons;

/// <summary>Events over requests, or requests over instances, on two sides.</summary>
internal sealed class RatePairs : PairMeasurement
{
    private readonly SliSpec _spec;
    private readonly bool _isRatio;
    private readonly PairCounts _reference;
    private readonly double _dispersion;
    private readonly List<(Direction Direction, PairTest Test)> _sides = [];
    private readonly RecentPairs _recent;
    private readonly RecentPairs _newest;
    private PairCounts _all;
    private PairCounts _marked;

    public RatePairs(SliSpec spec, IReadOnlyList<PairedStep> reference, double leastDispersion)
    {
        _spec = spec;
        _isRatio = spec.Measure == Measure.Ratio;
        List<PairCounts> counts = [.. reference.Where(step => IsSample(step)).Select(step => CountsOf(step))];
        _reference = counts.Aggregate(default(PairCounts), (sum, step) => sum + step);
        _dispersion = Math.Max(leastDispersion, PairDispersion.Estimate(counts));
        var least = _isRatio ? RecentSteps.Requests : 0;
        _recent = new RecentPairs(RecentSteps.Steps, least);
        _newest = new RecentPairs(RecentSteps.NewestSteps, least);
        if (spec.Direction != Direction.Down)
            _sides.Add((Direction.Up, new PairTest(Alternatives.More, _dispersion, spec.StepSeconds)));
        if (spec.Direction != Direction.Up)
            _sides.Add((Direction.Down, new PairTest([.. Alternatives.More.Select(factor => 1 / factor)], _dispersion, spec.StepSeconds)));
    }

    public override double Requests => _isRatio ? Math.Min(_all.OldExposure, _all.NewExposure) : double.PositiveInfinity;

    // The mean of two e-values is one, whatever ties them together.
    public override double LogEvidence => CountTest.LogMean([.. _sides.Select(side => side.Test.LogEvidence)]);

    public override bool IsStillThere => _sides.Exists(side =>
        StepTolerance.IsBeyond(_recent.Sum.NewRate, _recent.Sum.OldRate, side.Direction)
        && side.Test.Chance(_recent.Sum, Tolerated(side.Direction)) < RecentLevel
        && side.Test.Chance(_newest.Sum, Tolerated(side.Direction)) < NewestLevel);

    public override bool InsideSinceMark => !StepTolerance.IsBeyond(_marked.NewRate, _marked.OldRate, _spec.Direction);

    public override long? Onset => _sides.MaxBy(side => side.Test.LogEvidence).Test.Onset;

    private double Scale => _isRatio ? 1 : 1 / _spec.StepSeconds;

    private Tolerance StepTolerance => _spec.Tolerance with { Absolute = _spec.Tolerance.Absolute / Scale };

    public override bool IsSample(in PairedStep step) => IsSample(step.Old) && IsSample(step.New) && step is { OldSize: > 0, NewSize: > 0 };

    public override void Take(in PairedStep step)
    {
        var counts = CountsOf(step);
        foreach (var (direction, test) in _sides)
            test.Add(step.New.Step, counts, Tolerated(direction));
        _all += counts;
        _marked += counts;
        _recent.Add(counts);
        _newest.Add(counts);
    }

    public override void MarkInside() => _marked = default;

    public override Picture Draw()
    {
        var old = _recent.Sum.OldRate;
        var width = StepTolerance.Width(old);
        return new Picture(
            _spec.Name,
            old * Scale,
            Math.Max(0, old - width) * Scale,
            (old + width) * Scale,
            _recent.Sum.NewRate * Scale,
            RateChange.Between(_all.Old, _all.OldExposure, _all.New, _all.NewExposure, _dispersion));
    }

    private bool IsSample(in StepSample side) => Usable(side.Total) && (!_isRatio || Usable(side.Value));

    private static bool Usable(double count) => double.IsFinite(count) && count >= 0;

    private PairCounts CountsOf(in PairedStep step) => _isRatio
        ? new PairCounts(step.Old.Value, step.Old.Total, step.New.Value, step.New.Total)
        : new PairCounts(step.Old.Total, step.OldSize, step.New.Total, step.NewSize);

    /// <summary>
    /// The ratio of the rates that is tolerated: by the rate of the reference, or without one by that of the old side up
    /// to the step before. Downwards it is the inverse, so that it does not matter which side is called which.
    /// </summary>
    private double Tolerated(Direction direction)
    {
        var known = _reference.IsUsable ? _reference : _all;
        var (events, exposure) = _reference.IsUsable ? (known.All, known.OldExposure + known.NewExposure) : (known.Old, known.OldExposure);
        var rate = (events + 1) / Math.Max(1, exposure);
        var tolerated = 1 + StepTolerance.Width(rate) / rate;
        return direction == Direction.Up ? tolerated : 1 / tolerated;
    }
}
