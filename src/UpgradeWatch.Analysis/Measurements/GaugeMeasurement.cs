using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Numerics;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.SmallSamples;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>
/// One number per step. With 40 steps of baseline or more the local reference shows how usual the value is, and only
/// shows it: with an hour of history it is not calibrated. With fewer the small-sample tests decide, once, unless other
/// tests judge the same events.
/// </summary>
internal sealed class GaugeMeasurement : Measurement
{
    private readonly SliSpec _spec;
    private readonly double[] _before;
    private readonly List<double> _after = [];
    private readonly Queue<double> _recent = new(RecentSteps.Steps + 1);
    private readonly bool _isSmall;
    private readonly double _center;
    private readonly double _spread;
    private readonly Roughness? _roughness;
    private double _sum;
    private long _samples;
    private long? _onset;

    public GaugeMeasurement(SliSpec spec, IReadOnlyList<StepSample> baseline, bool isSmall)
    {
        _spec = spec;
        _before = [.. baseline.Where(step => IsSample(step)).Select(step => step.Value)];
        _isSmall = isSmall || (_before.Length < SmallSample.Fewest && !spec.IsQuantile);
        _center = Robust.Median(_before);
        _spread = LocalSpread(_before, _center);
        _roughness = _isSmall || spec.IsQuantile ? null : new Roughness(spec, baseline);
    }

    public override long BaselineSamples => _before.Length;

    public override long? Onset => _onset;

    /// <summary>To rank by; it decides nothing.</summary>
    public override double? PValue => _roughness?.Chance;

    public override double LimitedValue => Current;

    private double Current => _recent.Count == 0 ? double.NaN : _recent.Average();

    private double Width => Math.Max(3 * _spread, _spec.Tolerance.Width(_center));

    public override bool IsSample(in StepSample step) => double.IsFinite(step.Value);

    public override void Take(in StepSample step)
    {
        _roughness?.Add(step);
        _samples++;
        _sum += (step.Value - _sum) / _samples;
        _recent.Enqueue(step.Value);
        if (_recent.Count > RecentSteps.Steps)
            _recent.Dequeue();
        if (_isSmall)
            _after.Add(step.Value);

        _onset = IsOutside(step.Value) ? _onset ?? step.Step : null;
    }

    public override Conclusion? JudgeOnce(Stage stage)
    {
        if (_isSmall)
            return stage == Stage.Closed ? SmallSample.Judge(_spec, _before, [.. _after]) : null;

        // No status of its own: shown, never a reason to stop.
        return IsOutside(Current) && _before.Length >= SmallSample.Fewest
            ? new Conclusion(FindingStatus.Pass, FindingCodes.Provisional, "", null, _onset)
            : new Conclusion(FindingStatus.Pass, FindingCodes.None, "");
    }

    public override Picture Draw(bool abnormal)
    {
        var (lower, upper) = _isSmall ? SmallSample.Band(_before) : (_center - Width, _center + Width);
        var change = _center == 0 || _samples == 0
            ? Change.Unknown
            : new Change(_sum / _center, double.NaN, double.NaN);
        return new Picture(_spec.Name, _center, lower, upper, Current, change);
    }

    /// <summary>The spread of the hour before: of its level, and a quarter of its variance from step to step.</summary>
    private static double LocalSpread(double[] values, double center)
    {
        var level = Robust.MadN(values, center);
        var step = Robust.MedianStep(values);
        return Math.Sqrt(level * level + 0.25 * step * step);
    }

    private bool IsOutside(double value) => _spec.Direction switch
    {
        Direction.Up => value > _center + Width,
        Direction.Down => value < _center - Width,
        _ => Math.Abs(value - _center) > Width,
    };
}
