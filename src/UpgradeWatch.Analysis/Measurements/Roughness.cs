using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Numerics;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>
/// How far a series with little history strays after an upgrade, as a multiple of how far it strayed in the time before:
/// means of two minutes around the median, later ones counting less. How rare that is comes from other series, so it
/// ranks and does not decide: a series that trends strays further than those did.
/// </summary>
internal sealed class Roughness
{
    private const double MinuteSeconds = 60;

    private const int FewestPairs = 40;

    /// <summary>A series that hardly moved for an hour is not expected to stand quite still: in its spread, and in its level.</summary>
    private const double LeastOfSpread = 0.1;
    private const double LeastOfLevel = 0.03;

    /// <summary>
    /// Of 2,800 moments in public series at which nothing was upgraded, with an hour before and two after, one in ten
    /// strayed 0.95 times as far as in the hour before or further, and one in a hundred 2.4 times; in another service's
    /// series, some of which trend, four in a hundred.
    /// </summary>
    private const double UsualStray = 0.95;

    private const double UsualChance = 0.1;
    private const double TailPower = 2.4;
    private const double LeastChance = 1e-6;

    private readonly double _slotSeconds;
    private readonly double _stepSeconds;
    private readonly Direction _direction;
    private readonly double _center;
    private readonly double _before;
    private readonly bool _isKnown;
    private Slot _open;
    private (long Index, double Mean)? _closed;
    private long? _first;
    private double _largest;

    public Roughness(SliSpec spec, IReadOnlyList<StepSample> baseline)
    {
        (_stepSeconds, _direction) = (spec.StepSeconds, spec.Direction);
        _slotSeconds = Math.Max(MinuteSeconds, _stepSeconds);
        double[] values = [.. baseline.Where(step => double.IsFinite(step.Value)).Select(step => step.Value)];
        if (values.Length == 0)
            return;

        _center = Robust.Median(values);
        var pairs = 0;
        foreach (var step in baseline)
        {
            if (!double.IsFinite(step.Value) || Take(step) is not { } pair)
                continue;
            pairs++;
            _before = Math.Max(_before, Math.Abs(pair.Mean - _center));
        }

        _before += LeastOfSpread * Robust.MadN(values, _center) + LeastOfLevel * Math.Abs(_center);
        _isKnown = pairs >= FewestPairs && _before > 0 && double.IsFinite(_before);
        (_open, _closed) = (default, null);
    }

    /// <summary>The share of moments at which nothing was upgraded that strayed as far; null before two minutes are there, or with under 40 before.</summary>
    public double? Chance { get; private set; }

    /// <summary>Takes a step after the upgrade that has a value.</summary>
    public void Add(in StepSample step)
    {
        _first ??= SlotOf(step.Step);
        if (!_isKnown || Take(step) is not { } pair)
            return;

        var stray = WindowScan.Bad(pair.Mean - _center, _direction) / _before;
        var weighted = stray * WindowScan.Weight((int)Math.Min(int.MaxValue, pair.Index - _first.Value));
        if (weighted > _largest)
            _largest = weighted;
        Chance = ChanceOf(_largest);
    }

    private static double ChanceOf(double stray) => stray > UsualStray
        ? Math.Max(LeastChance, UsualChance * Math.Pow(stray / UsualStray, -TailPower))
        : 1 - (1 - UsualChance) * stray / UsualStray;

    /// <summary>The mean of the minute that this step ends and the one before it; null when it ends none, or that one is a gap.</summary>
    private (long Index, double Mean)? Take(in StepSample step)
    {
        var index = SlotOf(step.Step);
        if (index != _open.Index)
            _open = new Slot(index, 0, 0);
        _open = new Slot(index, _open.Sum + step.Value, _open.Count + 1);
        if (Math.Abs(step.Step * _stepSeconds - index * _slotSeconds) > 1e-6 * _slotSeconds)
            return null;

        var mean = _open.Sum / _open.Count;
        var previous = _closed;
        _closed = (index, mean);
        return previous is { } other && other.Index == index - 1 ? (index, (mean + other.Mean) / 2) : null;
    }

    private long SlotOf(long step) => (long)Math.Ceiling(step * _stepSeconds / _slotSeconds - 1e-6);

    private readonly record struct Slot(long Index, double Sum, int Count);
}
