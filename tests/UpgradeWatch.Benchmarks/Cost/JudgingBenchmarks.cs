using BenchmarkDotNet.Attributes;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Benchmarks.Cost;

/// <summary>One evaluation of one SLI with 7 days of history at 60 s, an hour after its upgrade.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class JudgingBenchmarks
{
    /// <summary>How many SLIs are evaluated at once, so that one evaluation can be timed.</summary>
    public const int Slis = 1000;

    private const int MinutesSeen = 60;

    private static readonly Moment Now = new(DateTimeOffset.UnixEpoch.AddMinutes(Sli.UpgradedAt), Stage.Watching);

    private readonly SliJudge[] _judges = new SliJudge[Slis];
    private readonly Sli _sli = new(Measure.Gauge, seed: 1);
    private StepSample[] _seen = [];
    private StepSample _newest;
    private ReferenceState? _state;

    /// <summary>An hour after an upgrade.</summary>
    [GlobalSetup(Targets = [nameof(NothingCached), nameof(RestoredFromTheStore)])]
    public void PrepareOne()
    {
        _state = _sli.Calibrate().State;
        _seen = [.. Enumerable.Range(0, MinutesSeen).Select(i => _sli.Step(Sli.UpgradedAt + i))];
    }

    /// <summary>Judges by the history.</summary>
    [IterationSetup(Target = nameof(NewestMinuteOfSeries))]
    public void PrepareSeries() => Prepare(Measure.Gauge);

    /// <summary>Judges of errors out of requests.</summary>
    [IterationSetup(Target = nameof(NewestMinuteOfErrors))]
    public void PrepareErrors() => Prepare(Measure.Ratio);

    /// <summary>Judges of histograms.</summary>
    [IterationSetup(Target = nameof(NewestMinuteOfLatency))]
    public void PrepareLatency() => Prepare(Measure.Buckets);

    /// <summary>Only the newest samples of a series are new.</summary>
    [Benchmark(OperationsPerInvoke = Slis)]
    public int NewestMinuteOfSeries() => Evaluate();

    /// <summary>Only the newest errors and requests are new.</summary>
    [Benchmark(OperationsPerInvoke = Slis)]
    public int NewestMinuteOfErrors() => Evaluate();

    /// <summary>Only the newest buckets are new.</summary>
    [Benchmark(OperationsPerInvoke = Slis)]
    public int NewestMinuteOfLatency() => Evaluate();

    /// <summary>From the 7 days alone.</summary>
    [Benchmark]
    public SliFinding NothingCached() => EvaluateHour(_sli.Calibrate());

    /// <summary>From what was frozen with the upgrade.</summary>
    [Benchmark]
    public SliFinding RestoredFromTheStore() => EvaluateHour(SeriesReference.Restore(_state!));

    private SliFinding EvaluateHour(SeriesReference reference)
    {
        var judge = _sli.Judge(reference);
        foreach (var step in _seen)
            judge.Add(step);
        return judge.Evaluate(Now);
    }

    private void Prepare(Measure measure)
    {
        var sli = new Sli(measure, seed: 2);
        var reference = measure == Measure.Gauge ? sli.Calibrate() : null;
        _seen = [.. Enumerable.Range(0, MinutesSeen).Select(i => sli.Step(Sli.UpgradedAt + i))];
        _newest = sli.Step(Sli.UpgradedAt + MinutesSeen);
        for (var i = 0; i < Slis; i++)
        {
            _judges[i] = sli.Judge(reference);
            foreach (var step in _seen)
                _judges[i].Add(step);
        }
    }

    private int Evaluate()
    {
        var failed = 0;
        for (var i = 0; i < Slis; i++)
        {
            _judges[i].Add(_newest);
            failed += _judges[i].Evaluate(Now).Status == FindingStatus.Fail ? 1 : 0;
        }

        return failed;
    }
}
