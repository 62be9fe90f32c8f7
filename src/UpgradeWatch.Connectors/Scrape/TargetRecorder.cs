using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Connectors.Scrape.Breakdowns;
using UpgradeWatch.Connectors.Scrape.Exposition;
using UpgradeWatch.Connectors.Scrape.Series;
using UpgradeWatch.Connectors.Scrape.Steps;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Scrape;

/// <summary>
/// Turns the scrapes of one target into steps, as Prometheus would count them. A scrape falls into the step that it
/// began in; what a series gained since its last sample counts in the step in which that is seen.
/// One scrape at a time; reading is safe at any time.
/// </summary>
internal sealed class TargetRecorder
{
    // How far back a series' last value may lie; older, and its next value is that of a new series.
    private const double ReachSeconds = 300;
    private const int SpareSteps = 240;
    private const int MostSteps = 200_000;

    private readonly Lock _gate = new();
    private readonly TargetOptions _target;
    private readonly SignalSet _signals = new();
    private readonly SeriesTable _table;
    private readonly ExpositionParser _parser;
    private readonly StepRing _ring;
    private readonly List<ScrapedSample> _samples = [];
    private readonly Queue<SignalDefinition> _wanted = [];
    private readonly double _reach;
    private readonly RecentNames _names = new();
    private readonly LabelTallies _tallies;
    private SourceReply<TargetPlan>? _plan;
    private int _lastRead;
    private bool _wasUp;
    private bool _isUp;
    private double _attemptAt;
    private long _attemptStep = long.MinValue;
    private double _processStart = double.NaN;

    /// <summary>Prepares a target.</summary>
    public TargetRecorder(TargetOptions target, ExpositionLimits limits)
    {
        _target = target;
        StepSeconds = target.Evaluation.StepSeconds;
        DelaySeconds = target.Evaluation.DelaySeconds ?? ScrapeTimes.DefaultDelaySeconds;
        _reach = Math.Max(ReachSeconds, 2 * StepSeconds);
        var steps = (target.Evaluation.BaselineSeconds + target.Evaluation.ObservationSeconds) / StepSeconds;
        _ring = new StepRing((int)Math.Min(Math.Ceiling(steps * 1.1) + SpareSteps, MostSteps));
        _tallies = new LabelTallies(target.Evaluation);
        _table = new SeriesTable(_signals);
        _parser = new ExpositionParser(_table, limits);
    }

    /// <summary>Length of a step, and time between two scrapes, in seconds.</summary>
    public double StepSeconds { get; }

    /// <summary>Seconds after its end at which a step is complete.</summary>
    public double DelaySeconds { get; }

    /// <summary>Names of the metrics in the last scrape.</summary>
    public IReadOnlyList<string> MetricNames => _table.MetricNames;

    /// <summary>What is asked of the target by its last scrape; null before the first.</summary>
    public SourceReply<TargetPlan>? Plan => Volatile.Read(ref _plan);

    /// <summary>Takes the body of a scrape.</summary>
    /// <param name="body">The body, unpacked.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="isWhole">Whether the transport vouches for its length.</param>
    /// <param name="at">When the scrape began.</param>
    /// <param name="kept">Samples that were used.</param>
    /// <returns>What is wrong with the body, which then counts as a scrape that failed; null when nothing is.</returns>
    public string? Take(ReadOnlySpan<byte> body, ExpositionFormat format, bool isWhole, DateTimeOffset at, out int kept)
    {
        kept = 0;
        TakeWanted();
        var problem = _parser.Parse(body, format, isWhole, _samples);
        if (problem is not null) return problem;

        // What has appeared can be new signals, of which this body has the first samples.
        if (_table.NamesChanged && Replan(ToSeconds(at))) _parser.Parse(body, format, isWhole, _samples);

        lock (_gate) kept = Record(ToSeconds(at));

        _table.Sweep(ToSeconds(at) - _reach - StepSeconds);
        return null;
    }

    /// <summary>Takes it that a scrape failed.</summary>
    /// <param name="at">When it began.</param>
    /// <param name="isDown">Whether the target is down; otherwise it answered something that cannot be used.</param>
    public void Miss(DateTimeOffset at, bool isDown)
    {
        lock (_gate)
        {
            var slot = Attempt(ToSeconds(at), succeeded: false);
            _ring.SetUp(slot, isDown ? 0 : -1, isDown ? 1 : 0);
        }
    }

    /// <summary>Records a plan's signals from now on, and copies its steps into a window; returns the first step that is held.</summary>
    public long? Read(TargetPlan plan, StepWindow window)
    {
        lock (_gate)
        {
            foreach (var signal in plan.Signals.Where(signal => _signals.Find(SignalKey.Of(signal)) is null)) _wanted.Enqueue(signal);

            window.Add(_ring);
            return _ring.IsEmpty ? null : _ring.First;
        }
    }

    /// <summary>Counts the events of a signal by label values.</summary>
    public SourceReply<Breakdown> BreakDown(TargetPlan plan, BreakdownRequest request)
    {
        lock (_gate) return _tallies.BreakDown(plan, request);
    }

    /// <summary>Why a signal could not be read in the last scrape; null when it could, or is not recorded.</summary>
    public SourceFailure? FailureOf(string key)
    {
        lock (_gate) return _signals.Find(key)?.Failure;
    }

    /// <summary>
    /// The steps after one, up to the newest that no scrape can change any more (or the newest of all), in blocks within
    /// which the bounds of all histograms stay the same.
    /// </summary>
    public IReadOnlyList<StepBlock> StepsAfter(long step, bool withNewest)
    {
        lock (_gate)
        {
            if (_ring.IsEmpty) return [];

            // After the clock was set back everything that is held is new.
            var first = step > _ring.Last ? _ring.First : Math.Max(_ring.First, step + 1);
            var last = withNewest ? _ring.Last : _ring.Last - 1;
            return [.. StepRuns.Split(_ring, first, last).Select(run => Block(run.First, run.Last))];
        }
    }

    private StepBlock Block(long first, long last)
    {
        var window = new StepWindow(StepSeconds, first, last, _ring.Signals.Keys);
        window.Add(_ring);
        return window.BuildKept();
    }

    private void TakeWanted()
    {
        var added = false;
        lock (_gate)
        {
            while (_wanted.TryDequeue(out var signal)) added |= _signals.Add(signal);
        }

        if (added) _table.Reroute();
    }

    private bool Replan(double at)
    {
        var plan = PlanBuilder.Build(_target, new SourceFacts
        {
            Source = ScrapeSource.SourceName,
            MetricNames = _names.Update(_table.MetricNames, at),
            ScrapeIntervalSeconds = StepSeconds,
            DelaySeconds = DelaySeconds,
            // Whatever the target exposes is its own: the labels of a scrape job are not on its series.
            SeriesMatches = [],
            TargetMatches = [],
            HasProcessStart = _table.MetricNames.Contains(SignalSet.ProcessStart),
            UnderstandsPromQl = false,
        });
        Volatile.Write(ref _plan, plan);

        var added = false;
        lock (_gate)
        {
            foreach (var signal in plan.Value?.Signals ?? []) added |= _signals.Add(signal);
        }

        if (added) _table.Reroute();
        return added;
    }

    private int Record(double at)
    {
        var slot = Attempt(at, succeeded: true);
        var step = _attemptStep;
        _tallies.Begin(step);
        foreach (var signal in _signals.All) signal.Begin();

        var startedBefore = _processStart;
        TakeProcessStart();
        // Seen only when it is scraped, a start lies up to two scrapes before the step.
        var isFresh = _processStart > (step - 3) * StepSeconds;
        var wasReset = false;
        var kept = 0;
        foreach (var sample in _samples)
        {
            if (sample.Series.State.Pass == _table.Pass || !double.IsFinite(sample.Value)) continue;

            wasReset |= Add(sample, at, (step - 1) * StepSeconds, isFresh);
            kept++;
        }

        foreach (var signal in _signals.All) signal.End(_ring.Signal(signal.Key), slot, StepSeconds);

        var started = double.IsNaN(_processStart) ? wasReset : isFresh || _processStart > startedBefore;
        _ring.SetUp(slot, up: 1, down: 0);
        _ring.AddScrape(slot, kept, started);
        _lastRead = _table.Pass;
        return kept;
    }

    private int Attempt(double at, bool succeeded)
    {
        var step = ScrapeTimes.StepOf(at, StepSeconds);
        // Whether it was up counts at the beginning of the step.
        if (step != _attemptStep) _wasUp = _isUp && (step - 1) * StepSeconds - _attemptAt <= _reach;

        (_isUp, _attemptAt, _attemptStep) = (succeeded, at, step);
        return _ring.MoveTo(step);
    }

    private void TakeProcessStart()
    {
        _processStart = double.NaN;
        foreach (var sample in _samples)
        {
            if (sample.Series.IsProcessStart && double.IsFinite(sample.Value)) _processStart = sample.Value;
        }
    }

    private bool Add(ScrapedSample sample, double at, double stepStart, bool isFresh)
    {
        var state = sample.Series.State;
        var (before, isKnown) = (state.Value, !double.IsNaN(state.Value) && stepStart - state.At <= _reach);
        (state.Value, state.At, state.Pass) = (sample.Value, at, _table.Pass);
        var wasReset = isKnown && sample.Value < before;
        var isCounter = false;
        var gained = double.NaN;
        foreach (var route in sample.Series.Routes)
        {
            var increment = isKnown ? sample.Value - (wasReset ? 0 : before)
                : isFresh || (_wasUp && IsNew(sample, route.Signal)) ? sample.Value
                : double.NaN;
            route.Signal.Add(route, sample, increment);
            if (route.Role is not (SampleRole.All or SampleRole.Bad or SampleRole.Bucket)) continue;
            isCounter = true;
            gained = double.IsNaN(increment) ? gained : increment;
        }

        _tallies.Add(sample.Series, gained);

        return wasReset && isCounter;
    }

    // A signal that was not recorded before sees its series for the first time; new they are only if their metric is.
    private bool IsNew(ScrapedSample sample, SignalRecorder signal) =>
        signal.IsSettled || (_lastRead > 0 && sample.Series.Metric.AppearedIn > _lastRead);

    private static double ToSeconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).TotalSeconds;
}
