using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histograms;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>
/// A histogram: at every bound the requests above it, and the average of the evidence over bounds. Slower is bad,
/// whatever the direction. With no finite bound it cannot be judged.
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
    private readonly RecentSteps _recent;
    private readonly RecentSteps _newest;

    public BucketMeasurement(SliSpec spec, IReadOnlyList<StepSample> baseline)
    {
        _spec = spec;
        var width = spec.Bounds.Count;
        _before = new double[width];
        _since = new double[width];
        _marked = new double[width];
        _recent = new RecentSteps(RecentSteps.Steps, RecentSteps.Requests, width);
        _newest = new RecentSteps(RecentSteps.NewestSteps, RecentSteps.Requests, width);

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

    public override double LogEvidence
    {
        get
        {
            if (_tests.Length == 0)
                return double.NegativeInfinity;

            Span<double> bounds = stackalloc double[_tests.Length];
            for (var i = 0; i < bounds.Length; i++)
                bounds[i] = _tests[i].LogEvidence(_since);
            return CountTest.LogMean(bounds);
        }
    }

    public override Departure Recent
    {
        get
        {
            // A quantile of a few hundred requests strays by itself; only together with a clear excess it says anything.
            return !Array.Exists(_tests, IsStillThere) ? Departure.None
                : IsBeyond(_recent.Buckets) ? Departure.Beyond
                : Departure.Tail;
        }
    }

    public override bool InsideSinceMark => !IsBeyond(_marked);

    public override long? Onset => Loudest?.Onset.Start;

    public override double LimitedValue =>
        _recent.Exposure < RecentSteps.Requests ? double.NaN : Quantiles.At(_recent.Buckets, _spec.Bounds, 0.95);

    private BoundTest? Loudest => _tests.MaxBy(test => test.LogEvidence(_since));

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
        _recent.Add(0, buckets[^1], buckets);
        _newest.Add(0, buckets[^1], buckets);
        foreach (var test in _tests)
            test.Follow(step.Step, buckets);
    }

    public override void MarkInside() => Array.Clear(_marked);

    public override Picture Draw(bool abnormal)
    {
        var now = QuantilesOf(_recent.Buckets);
        var shown = abnormal ? MostMoved(now) : 1;
        var q = Shown[shown];
        var baseline = _quantiles[shown];
        var width = _spec.Tolerance.Width(baseline);
        return new Picture(
            $"p{100 * q:0} {_spec.Name}",
            baseline,
            Math.Max(0, baseline - width),
            baseline + width,
            now[shown],
            ChangeOf(q, baseline));
    }

    private static void Add(double[] sums, double[] buckets)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] += buckets[i];
    }

    /// <summary>Whether p95 or p99 is beyond tolerance: with a changed p50 alone the requests people complain about are as before.</summary>
    private bool IsBeyond(double[] cumulative)
    {
        for (var i = 1; i < Shown.Length; i++)
        {
            var value = Quantiles.At(cumulative, _spec.Bounds, Shown[i]);
            if (_spec.Tolerance.IsBeyond(value, _quantiles[i], Direction.Up))
                return true;
        }

        return false;
    }

    private bool IsStillThere(BoundTest test) =>
        StillThere.Holds(test.Chance(_recent.Buckets), test.Chance(_newest.Buckets), _tests.Length);

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
