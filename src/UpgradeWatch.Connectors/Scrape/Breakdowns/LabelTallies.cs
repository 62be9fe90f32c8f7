using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Connectors.Scrape.Series;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Scrape.Breakdowns;

/// <summary>
/// What the counters of one target gained, series by series, in blocks of some steps: enough to say where a finding is,
/// and no more. Held in memory only. Not safe for concurrent use.
/// </summary>
internal sealed class LabelTallies
{
    private const int BlocksOfBaseline = 60;
    private const int MostBlocks = 512;
    private const int MostSeries = 5000;

    private readonly List<LabelTally> _tallies = [];
    private readonly double _stepSeconds;
    private readonly int _blockSteps;
    private readonly int _blocks;
    private long? _firstStep;
    private long _newest;
    private bool _isFull;

    /// <summary>Prepares a target.</summary>
    public LabelTallies(EvaluationOptions evaluation)
    {
        _stepSeconds = evaluation.StepSeconds;
        _blockSteps = (int)Math.Max(1, Math.Ceiling(evaluation.BaselineSeconds / _stepSeconds / BlocksOfBaseline));
        var needed = (evaluation.BaselineSeconds + evaluation.ObservationSeconds) / _stepSeconds / _blockSteps;
        _blocks = (int)Math.Clamp(Math.Ceiling(needed * 1.1), 1, MostBlocks);
    }

    /// <summary>Begins a step; steps come in ascending order.</summary>
    public void Begin(long step)
    {
        _firstStep ??= step;
        _newest = BlockOf(step);
    }

    /// <summary>Adds what a series gained in the step that was begun.</summary>
    public void Add(ScrapedSeries series, double increment)
    {
        if (!(increment > 0)) return;
        if (series.State.Tally is not { } tally)
        {
            if (_tallies.Count >= MostSeries) _tallies.RemoveAll(other => other.IsOver(_newest));
            _isFull = _tallies.Count >= MostSeries;
            if (_isFull) return;
            series.State.Tally = tally = new LabelTally(series, _blocks);
            _tallies.Add(tally);
        }

        tally.Add(_newest, increment);
    }

    /// <summary>Counts by label values. The windows are widened or narrowed to whole blocks.</summary>
    public SourceReply<Breakdown> BreakDown(TargetPlan plan, BreakdownRequest request)
    {
        var parts = BreakdownParts.Of(plan.Signals.First(signal => signal.Name == request.Signal), request, request.Labels);
        if (parts.Count == 0) return Refused($"signal {request.Signal} has no events that could be counted by their labels");
        if (_isFull) return Refused($"target {plan.Target} has more than {MostSeries} series of requests, too many to be counted one by one");

        // Of the time before only whole blocks, lest what came after is among it.
        var (beforeFirst, beforeLast) = (BlockOf(Math.Max(request.BeforeFirst, _firstStep ?? 0) + _blockSteps - 1), BlockOf(request.BeforeLast + 1) - 1);
        var (sinceFirst, sinceLast) = (BlockOf(request.SinceFirst), BlockOf(request.SinceLast));
        if (beforeLast < beforeFirst || beforeFirst <= sinceLast - _blocks) return Refused($"the scrapes of target {plan.Target} from before the upgrade are not held any more");

        var rows = new BreakdownRows(request.Labels);
        foreach (var part in parts)
        {
            if (!SelectorMatcher.TryCreate(part.Counter, out var matcher, out var error)) return Refused(error);
            foreach (var tally in _tallies)
            {
                if (!matcher.IsMatch(tally.Metric, tally.Labels)) continue;
                rows.Add(part.IsEvent, part.Sign * tally.Sum(beforeFirst, beforeLast), ValueOf(tally, part), isSince: false);
                rows.Add(part.IsEvent, part.Sign * tally.Sum(sinceFirst, sinceLast), ValueOf(tally, part), isSince: true);
            }
        }

        return rows.Build(Seconds(beforeFirst, beforeLast), Seconds(sinceFirst, sinceLast), samples: 0);
    }

    private static Func<string, string?> ValueOf(LabelTally tally, BreakdownPart part) => label =>
        part.Labels.Contains(label) ? tally.Labels.FirstOrDefault(pair => pair.Key == label).Value : null;

    // A step ends at its index times its length: a block holds the steps after one border up to the next.
    private long BlockOf(long step) => (long)Math.Floor((step - 1) / (double)_blockSteps);

    private double Seconds(long first, long last) => (last - first + 1) * _blockSteps * _stepSeconds;

    private static SourceFailure Refused(string why) => new(SourceFailureKind.Refused, why);
}
