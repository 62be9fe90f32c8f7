using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histograms;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>
/// A histogram: at every bound the requests above it, and the average of the evidence over bounds. Slower is bad,
/// whatever the direction. With no finite bound it cannot be judged. Where it is known how latencies move with the time
/// of day, all of it is about "slower than expected by now".
/// </summary>
internal sealed class BucketMeasurement : Measurement
{
    private static readonly double[] Shown = [0.5, 0.95, 0.99];

    private readonly SliSpec _spec;
    private readonly double[] _before;
    private readonly double[] _since;
    private readonly double[] _marked;
    private readonly double[] _quantiles;
    private readonly BoundTest[] _tests = [];
    private readonly double[] _logWeights;
    private readonly RecentSteps _recent;
    private readonly MinuteSeries? _growth;
    private double _evidence;
    private double _markedRequests;
    private double _markedGrowth;

    public BucketMeasurement(SliSpec spec, IReadOnlyList<StepSample> baseline, MinuteSeries? growth)
    {
        _spec = spec;
        _growth = growth;
        var width = spec.Bounds.Count;
        _before = new double[width];
        _since = new double[width];
        _marked = new double[width];
        _recent = new RecentSteps(RecentSteps.Steps, RecentSteps.Requests, width);

        var steps = new List<double[]>(baseline.Count);
        foreach (var step in baseline)
        {
            if (!IsSample(step))
                continue;
            steps.Add(step.Buckets!);
            Add(_before, step.Buckets!);
        }

        BaselineSamples = steps.Count;
        _quantiles = QuantilesOf(_before);
        if (width > 1 && _before[^1] > 0)
            _tests = BoundTest.For(spec.Bounds, steps, _before, spec.Tolerance.Relative ?? 0);
        _logWeights = Array.ConvertAll(_tests, test => Math.Log(test.Weight / _tests.Average(other => other.Weight)));
        _evidence = _tests.Length == 0 ? double.NegativeInfinity : 0;
    }

    public override long BaselineSamples { get; }

    public override Conclusion? Obstacle => _spec.Bounds.Count > 1
        ? null
        : new Conclusion(
            FindingStatus.Inconclusive,
            FindingCodes.BucketsChanged,
            $"{_spec.Name}: the histogram has no bucket bound in common before and after the upgrade, so the two cannot be compared.");

    public override double ExpectedEvents => _before[^1] / Math.Max(1, BaselineSamples);

    public override double Requests => _since[^1];

    public override double LogEvidence => _evidence;

    public override Departure Recent
    {
        get
        {
            // A quantile of a few hundred requests strays by itself; only together with a clear excess it says anything.
            return !IsStillThere() ? Departure.None
                : IsBeyond(_recent.Buckets, RecentGrowth) ? Departure.Beyond
                : Departure.Tail;
        }
    }

    public override bool InsideSinceMark => !IsBeyond(_marked, _markedRequests > 0 ? _markedGrowth / _markedRequests : 1);

    public override long? Onset => Loudest?.Test.Onset;

    public override double LimitedValue =>
        _recent.Exposure < RecentSteps.Requests ? double.NaN : Quantiles.At(_recent.Buckets, _spec.Bounds, 0.95);

    private BoundTest? Loudest => _tests.MaxBy(test => test.Test.LogEvidence);

    /// <summary>How many times longer requests were expected to take in the last steps than in the baseline.</summary>
    private double RecentGrowth => _recent.Exposure > 0 ? _recent.Events / _recent.Exposure : 1;

    public override bool IsSample(in StepSample step)
    {
        if (step.Buckets is not { } buckets)
            return false;
        if (buckets.Length != _spec.Bounds.Count)
            throw new ArgumentException($"Step {step.Step} has {buckets.Length} buckets and {_spec.Name} has {_spec.Bounds.Count} bounds; give one cumulative count for each bound.");

        foreach (var count in buckets)
        {
            if (!(double.IsFinite(count) && count >= 0))
                return false;
        }

        return true;
    }

    public override void Take(in StepSample step)
    {
        var buckets = step.Buckets!;
        Add(_since, buckets);
        Add(_marked, buckets);
        var growth = GrowthAt(step.Step);
        _markedRequests += buckets[^1];
        _markedGrowth += growth * buckets[^1];
        _recent.Add(growth * buckets[^1], buckets[^1], buckets);
        foreach (var test in _tests)
            test.Take(step.Step, buckets, growth);
        if (_tests.Length > 0)
            _evidence = Mean(test => test.LogEvidence);
    }

    public override void MarkInside()
    {
        Array.Clear(_marked);
        _markedRequests = 0;
        _markedGrowth = 0;
    }

    public override Picture Draw(bool abnormal)
    {
        var now = QuantilesOf(_recent.Buckets);
        var shown = abnormal ? MostMoved(now) : 1;
        var q = Shown[shown];
        var baseline = _quantiles[shown];
        var expected = baseline * RecentGrowth;
        var width = _spec.Tolerance.Width(expected);
        return new Picture(
            $"p{100 * q:0} {_spec.Name}",
            baseline,
            Math.Max(0, expected - width),
            expected + width,
            now[shown],
            ChangeOf(q, baseline));
    }

    private static void Add(double[] sums, double[] buckets)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] += buckets[i];
    }

    /// <summary>Whether p95 or p99 is beyond tolerance: with a changed p50 alone the requests people complain about are as before.</summary>
    private bool IsBeyond(double[] cumulative, double growth)
    {
        for (var i = 1; i < Shown.Length; i++)
        {
            var value = Quantiles.At(cumulative, _spec.Bounds, Shown[i]);
            if (_spec.Tolerance.IsBeyond(value, growth * _quantiles[i], Direction.Up))
                return true;
        }

        return false;
    }

    private bool IsStillThere() =>
        Array.Exists(_tests, test => test.Test.IsLoudNow(_tests.Length))
        || (_tests.Length > 0 && Mean(test => test.LastingEvidence) >= -Math.Log(_spec.Alpha));

    /// <summary>ln of the weighted mean over the bounds: a mean of e-values is one, whatever ties them together.</summary>
    private double Mean(Func<RateTest, double> evidence)
    {
        Span<double> bounds = stackalloc double[_tests.Length];
        for (var i = 0; i < bounds.Length; i++)
            bounds[i] = evidence(_tests[i].Test) + _logWeights[i];
        return CountTest.LogMean(bounds);
    }

    private double GrowthAt(long step)
    {
        var minute = (long)Math.Ceiling(step * _spec.StepSeconds / 60) - _growth?.FirstMinute;
        return minute >= 0 && minute < _growth!.Values.Length && _growth.Values[minute.Value] is var growth && float.IsFinite(growth) && growth > 0 ? growth : 1;
    }

    private int MostMoved(double[] now)
    {
        var most = 1;
        for (var i = 0; i < now.Length; i++)
        {
            if (now[i] / _quantiles[i] > now[most] / _quantiles[most])
                most = i;
        }

        return most;
    }

    private double[] QuantilesOf(double[] cumulative) =>
        Array.ConvertAll(Shown, q => cumulative.Length == 0 ? double.NaN : Quantiles.At(cumulative, _spec.Bounds, q));

    /// <summary>Since the upgrade over before, with the interval that the binomial error of the quantile's rank gives.</summary>
    private Change ChangeOf(double q, double baseline)
    {
        if (!(_before[^1] > 0 && _since[^1] > 0))
            return Change.Unknown;

        var error = 1.96 * Math.Sqrt(q * (1 - q) * (1 / _before[^1] + 1 / _since[^1]));
        return new Change(
            At(q) / baseline,
            At(Math.Max(0, q - error)) / baseline,
            At(Math.Min(1, q + error)) / baseline);

        double At(double quantile) => Quantiles.At(_since, _spec.Bounds, quantile);
    }
}
