using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histograms;
using UpgradeWatch.Analysis.Measurements;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Comparisons;

/// <summary>A histogram on two sides: at every bound the requests above it, and the average of the evidence over bounds.</summary>
internal sealed class BucketPairs : PairMeasurement
{
    /// <summary>Of fewer requests above a bound than this the share is known only roughly.</summary>
    private const double Rare = 5;

    /// <summary>Without a reference the old side must have shown so many requests before anything is bet.</summary>
    private const double FewestRequests = 100;

    private static readonly double[] Shown = [0.5, 0.95, 0.99];

    private readonly SliSpec _spec;
    private readonly IReadOnlyList<PairedStep> _reference;
    private readonly double _leastDispersion;
    private readonly double[] _old;
    private readonly double[] _new;
    private readonly RecentSteps _recentOld;
    private readonly RecentSteps _recentNew;
    private readonly double[] _markedOld;
    private readonly double[] _markedNew;
    private readonly double _tolerance;
    private List<(int Index, double Tolerated, PairTest Test, RecentPairs Recent, RecentPairs Newest)> _tests = [];

    public BucketPairs(SliSpec spec, IReadOnlyList<PairedStep> reference, double leastDispersion)
    {
        _spec = spec;
        _leastDispersion = leastDispersion;
        _tolerance = spec.Tolerance.Relative ?? 0;
        var width = spec.Bounds.Count;
        (_old, _new, _markedOld, _markedNew) = (new double[width], new double[width], new double[width], new double[width]);
        _recentOld = new RecentSteps(RecentSteps.Steps, RecentSteps.Requests, width);
        _recentNew = new RecentSteps(RecentSteps.Steps, RecentSteps.Requests, width);
        _reference = [.. reference.Where(step => IsSample(step))];
        var before = new double[width];
        foreach (var step in _reference)
        {
            Add(before, step.Old.Buckets!);
            Add(before, step.New.Buckets!);
        }

        if (before[^1] > 0)
            _tests = Tests(before);
    }

    public override double Requests => Math.Min(_old[^1], _new[^1]);

    public override double LogEvidence => _tests.Count == 0
        ? double.NegativeInfinity
        : CountTest.LogMean([.. _tests.Select(bound => bound.Test.LogEvidence)]);

    public override bool IsStillThere => IsBeyond(_recentNew.Buckets, _recentOld.Buckets) && _tests.Exists(bound =>
        bound.Test.Chance(bound.Recent.Sum, bound.Tolerated) < RecentLevel / _tests.Count
        && bound.Test.Chance(bound.Newest.Sum, bound.Tolerated) < NewestLevel / _tests.Count);

    public override bool InsideSinceMark => !IsBeyond(_markedNew, _markedOld);

    public override long? Onset => _tests.Count == 0 ? null : _tests.MaxBy(bound => bound.Test.LogEvidence).Test.Onset;

    public override bool IsSample(in PairedStep step) => IsSample(step.Old) && IsSample(step.New);

    public override void Take(in PairedStep step)
    {
        if (_tests.Count == 0 && _old[^1] >= FewestRequests)
            _tests = Tests(_old);
        foreach (var bound in _tests)
        {
            var counts = Above(step, bound.Index);
            bound.Test.Add(step.New.Step, counts, bound.Tolerated);
            bound.Recent.Add(counts);
            bound.Newest.Add(counts);
        }

        var (old, now) = (step.Old.Buckets!, step.New.Buckets!);
        Add(_old, old);
        Add(_new, now);
        Add(_markedOld, old);
        Add(_markedNew, now);
        _recentOld.Add(0, old[^1], old);
        _recentNew.Add(0, now[^1], now);
    }

    public override void MarkInside()
    {
        Array.Clear(_markedOld);
        Array.Clear(_markedNew);
    }

    public override Picture Draw()
    {
        var shown = Enumerable.Range(1, 2).MaxBy(i => At(_recentNew.Buckets, Shown[i]) / At(_recentOld.Buckets, Shown[i]));
        var old = At(_recentOld.Buckets, Shown[shown]);
        var width = _spec.Tolerance.Width(old);
        return new Picture(
            $"p{100 * Shown[shown]:0} {_spec.Name}", old, Math.Max(0, old - width), old + width, At(_recentNew.Buckets, Shown[shown]), ChangeOf(Shown[shown]));
    }

    private List<(int Index, double Tolerated, PairTest Test, RecentPairs Recent, RecentPairs Newest)> Tests(double[] sums)
    {
        var total = sums[^1];
        var above = new double[sums.Length - 1];
        for (var i = 0; i < above.Length; i++)
            above[i] = (Math.Max(0, total - sums[i]) + 0.5) / (total + 1);

        List<(int, double, PairTest, RecentPairs, RecentPairs)> tests = [];
        for (var i = 0; i < above.Length; i++)
        {
            var isRare = total - sums[i] < Rare;
            var tolerated = isRare ? 1 + _tolerance : Survival.Growth(_spec.Bounds, above, i, 1 + _tolerance);
            if (above[i] * tolerated * Alternatives.Slower[0] < 1)
                tests.Add((i, tolerated, Test(i, isRare), Recent(RecentSteps.Steps), Recent(RecentSteps.NewestSteps)));

            // Whatever is above the other bounds is above this one too.
            if (total - sums[i] <= 0)
                break;
        }

        return tests;

        static RecentPairs Recent(int steps) => new(steps, RecentSteps.Requests);
    }

    private PairTest Test(int index, bool isRare)
    {
        var dispersion = PairDispersion.Estimate([.. _reference.Select(step => Above(step, index))]);
        return new PairTest(isRare ? Alternatives.Stragglers : Alternatives.Slower, Math.Max(_leastDispersion, dispersion), _spec.StepSeconds);
    }

    private bool IsSample(in StepSample side) =>
        side.Buckets is { } buckets && buckets.Length == _spec.Bounds.Count && Array.TrueForAll(buckets, count => double.IsFinite(count) && count >= 0);

    private static PairCounts Above(in PairedStep step, int index)
    {
        var (old, now) = (step.Old.Buckets!, step.New.Buckets!);
        return new PairCounts(Math.Max(0, old[^1] - old[index]), old[^1], Math.Max(0, now[^1] - now[index]), now[^1]);
    }

    private static void Add(double[] sums, double[] buckets)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] += buckets[i];
    }

    private bool IsBeyond(double[] now, double[] old) =>
        Shown.Skip(1).Any(q => _spec.Tolerance.IsBeyond(At(now, q), At(old, q), Direction.Up));

    private double At(double[] cumulative, double q) => Quantiles.At(cumulative, _spec.Bounds, q);

    /// <summary>New over old, with the interval that the binomial error of the quantile's rank gives.</summary>
    private Change ChangeOf(double q)
    {
        if (!(_old[^1] > 0 && _new[^1] > 0))
            return Change.Unknown;

        var error = 1.96 * Math.Sqrt(q * (1 - q) * (1 / _old[^1] + 1 / _new[^1]));
        var old = At(_old, q);
        return new Change(At(_new, q) / old, At(_new, Math.Max(0, q - error)) / old, At(_new, Math.Min(1, q + error)) / old);
    }
}
