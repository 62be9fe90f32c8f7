using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histograms;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Sides;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Watches;

/// <summary>
/// What is kept in memory for one upgrade that is being watched: the steps since a moment, and the judges that have
/// seen them. Everything here can be built again from the stored baseline and the source.
/// </summary>
internal sealed class Watch
{
    private const int DownSteps = 8;
    private const int LongestReread = 240;

    // A source that comes back needs a scrape or two until it sees its targets again.
    private const int StepsToComeBack = 8;

    // Fewer may be samples that are late.
    private const int BlindSteps = 4;

    private readonly TargetPlan _plan;
    private readonly StepBlock _baseline;
    private readonly BaselineWindow _window;
    private readonly DateTimeOffset _from;
    private readonly List<(SliDefinition Sli, SliJudge Judge, MinuteQuantile? Quantile)> _judges = [];
    private readonly Dictionary<string, IReadOnlyList<double>> _bounds = [];
    private readonly RefusedSteps _refused = new();

    // Replaced, never changed: the API reads the points while an evaluation adds to them.
    private volatile IReadOnlyList<StepBlock> _blocks = [];
    private StepCalendar _calendar;
    private int _moves;
    private (long First, long Last)? _gap;
    private int _downRun;
    private int _blindRun;
    private long _unseenUntil = long.MinValue;
    private IReadOnlyDictionary<string, SliHistory> _histories = new Dictionary<string, SliHistory>();
    private Dictionary<string, SliSpec> _specs = [];
    private readonly Dictionary<long, StepState> _states = [];

    public Watch(Upgrade upgrade, TargetPlan plan, StepBlock baseline, BaselineWindow window, DateTimeOffset from)
    {
        (_plan, _baseline, _window, _from) = (plan, baseline, window, from);
        Explanations = new Explanations(upgrade.Verdict);
        NextStep = plan.StepAt(from) + 1;
        _calendar = new StepCalendar(upgrade, plan, from);
        NarrowBounds(baseline);
        Begin(upgrade);
    }

    /// <summary>The moment from which on it watches.</summary>
    public DateTimeOffset From => _from;

    /// <summary>Index of the step to be read next.</summary>
    public long NextStep { get; private set; }

    /// <summary>Whether the end of the baseline was itself abnormal.</summary>
    public bool BaselineUnhealthy { get; private set; }

    /// <summary>What is known about the target's instances.</summary>
    public TargetHealth Health { get; private set; } = TargetHealth.Unknown;

    /// <summary>Metrics that are called like one that vanished; looked up once, when one has.</summary>
    public IReadOnlyList<string>? Similar { get; set; }

    /// <summary>Why the newest read failed; null when it did not.</summary>
    public string? SourceFailure { get; set; }

    /// <summary>What is left out of the baseline and the history.</summary>
    public LeftOutTimes LeftOut { get; init; } = new();

    /// <summary>The history that it judges by; null for none yet.</summary>
    public HistoryWindow? Past { get; private set; }

    /// <summary>Whether the history is stored and could not be loaded so far.</summary>
    public bool IsHistoryLate { get; set; }

    /// <summary>Whether a signal that can decide was refused in the newest step.</summary>
    public bool IsCriticalRefused => _plan.Slis.Any(sli => sli.Critical && SignalFailure(sli) is not null);

    /// <summary>What has come back after a roll-back; null where it watches none.</summary>
    public Restoration? Restoration { get; set; }

    /// <summary>The comparison of new instances with old ones; null where they cannot be told apart.</summary>
    public SideWatch? Sides { get; set; }

    /// <summary>First and last step of the baseline.</summary>
    public (long First, long Last) Baseline => (_window.FirstStep, _window.LastStep);

    /// <summary>Where its findings are, as far as that is known.</summary>
    public Explanations Explanations { get; }

    /// <summary>End of the newest step that was read; null for none.</summary>
    public DateTimeOffset? ObservedUntil => _blocks.Count == 0 ? null : _plan.EndOf(NextStep - 1);

    /// <summary>A stretch of steps without any sample that has ended, to be read again once: late samples may be there now.</summary>
    public (long First, long Last)? GapToReread { get; private set; }

    /// <summary>
    /// Until now the source could not be asked, and may have been gone: steps in which it knew nothing of the target, not
    /// even whether it is up, are no sign that the target's metrics vanished.
    /// </summary>
    public void ExcuseUnseen(DateTimeOffset now) => _unseenUntil = _plan.StepAt(now) + StepsToComeBack;

    /// <summary>Takes the next steps, which must follow the last ones.</summary>
    public void Add(Upgrade upgrade, StepBlock block)
    {
        if (NarrowBounds(block) || upgrade.History.Count != _moves) Rebuild(upgrade);
        _blocks = [.. _blocks, block];
        NextStep = block.FirstStep + block.Count;
        Feed(block);
        NoteGaps(block);
        _refused.Note(block);
    }

    /// <summary>From now on judges by the history too; judges see all steps as if it had been there from the start.</summary>
    public void Join(Upgrade upgrade, IReadOnlyDictionary<string, SliHistory> histories)
    {
        (_histories, Past) = (histories, upgrade.Past);
        Rebuild(upgrade);
    }

    /// <summary>Signals that were refused, with the steps that are to be read again: of those that are answered again, or of all when nothing comes after.</summary>
    public (IReadOnlyList<SignalDefinition> Signals, long First, long Last)? RefusedToReread(bool isLast) => _refused.ToReread(_plan, NextStep - 1, isLast);

    /// <summary>Puts signals that were refused at first into their steps.</summary>
    public void Mend(Upgrade upgrade, StepBlock again, bool isLast)
    {
        _refused.Forget(again, keepRefused: isLast);
        var answered = again.Signals.Where(signal => signal.Value.Failure is null).Select(signal => signal.Key).ToList();
        if (answered.Count == 0) return;
        _blocks = [.. _blocks.SelectMany(block => StepBlocks.Mend(block, again, answered))];
        NarrowBounds(again);
        Rebuild(upgrade);
    }

    /// <summary>Puts steps that were read again into their place; judges see them as if they had been there from the start.</summary>
    public void Replace(Upgrade upgrade, StepBlock again)
    {
        GapToReread = null;
        if (IsEmpty(again)) return;
        var last = again.FirstStep + again.Count - 1;
        var kept = new List<StepBlock>();
        var inserted = false;
        foreach (var block in _blocks)
        {
            if (block.FirstStep > last && !inserted)
            {
                kept.Add(again);
                inserted = true;
            }

            kept.AddRange(StepBlocks.Without(block, again.FirstStep, last));
        }

        if (!inserted) kept.Add(again);
        _blocks = kept;
        Rebuild(upgrade);
    }

    /// <summary>Forgets the steps after one, unless something was seen in one of them; false then.</summary>
    public bool TryForgetAfter(Upgrade upgrade, long last)
    {
        last = Math.Max(last, _plan.StepAt(_from));
        if (_blocks.SelectMany(block => StepBlocks.Without(block, long.MinValue, last)).Any(block => !IsEmpty(block))) return false;
        NextStep = last + 1;
        _blocks = [.. _blocks.SelectMany(block => StepBlocks.Without(block, NextStep, long.MaxValue))];
        (_gap, GapToReread) = (null, null);
        Rebuild(upgrade);
        return true;
    }

    /// <summary>What every SLI's judge says; SLIs without any sample before or after are named apart.</summary>
    public (IReadOnlyList<Finding> Findings, IReadOnlyList<string> LeftOut) Evaluate(Upgrade upgrade, Stage stage)
    {
        if (upgrade.History.Count != _moves) Rebuild(upgrade);
        var findings = new List<Finding>(_judges.Count);
        var leftOut = new List<string>();
        foreach (var (sli, judge, _) in _judges)
        {
            var failure = SourceFailure ?? Blindness ?? SignalFailure(sli);
            var moment = new Moment(_from, stage, failure, Similar);
            var result = judge.Evaluate(moment);
            if (Sides is { } sides) result = sides.Complete(sli, result, moment, _specs, StateOf);
            if (result.BaselineSamples == 0 && result.ObservedSamples == 0 && failure is null) leftOut.Add(sli.Name);
            else findings.Add(Explanations.Complete(SliReader.Describe(sli, WithLeftOut(sli, result))));
        }

        return (findings, leftOut);
    }

    /// <summary>The points of an SLI; null when it is not known.</summary>
    public SliSeries? Series(string name, SliFinding? finding)
    {
        if (_plan.Slis.FirstOrDefault(s => s.Name == name) is not { } sli) return null;
        return new SliSeries(_plan.StepSeconds, Points(sli, [_baseline]), Points(sli, _blocks), finding?.ExpectedLower, finding?.ExpectedUpper);
    }

    /// <summary>What has to be asked to say where a finding is; null where that cannot be asked.</summary>
    public BreakdownRequest? BreakdownOf(Finding finding, IReadOnlyList<string> labels)
    {
        var sli = _plan.Slis.First(s => s.Name == finding.Sli);
        if (BreakdownWindows.Of(_plan, sli, finding.Result, _window, NextStep - 1, labels) is not { } request) return null;
        if (request.Part != SignalPart.Distribution) return request;
        return BreakdownWindows.Bound(sli, BoundsOf(sli), _baseline, _blocks, request) is { } bound ? request with { AboveSeconds = bound } : null;
    }

    private List<SliPoint> Points(SliDefinition sli, IEnumerable<StepBlock> blocks)
    {
        List<SliPoint> points = [];
        foreach (var block in blocks)
        {
            for (var i = 0; i < block.Count; i++) points.Add(new SliPoint(_plan.EndOf(block.FirstStep + i), SliReader.Value(sli, block, i)));
        }

        return points;
    }

    private void Rebuild(Upgrade upgrade)
    {
        ForgetAfterWindow(upgrade);
        _calendar = new StepCalendar(upgrade, _plan, _from);
        _downRun = 0;
        _blindRun = 0;
        Begin(upgrade);
        foreach (var block in _blocks) Feed(block);
    }

    // When the end of a window is told afterwards, steps beyond it may have been read already.
    private void ForgetAfterWindow(Upgrade upgrade)
    {
        if (WindowRules.ReadUntil(upgrade, extended: false) is not { } end || NextStep <= _plan.StepAt(end) + 1) return;
        NextStep = _plan.StepAt(end) + 1;
        _blocks = [.. _blocks.SelectMany(block => StepBlocks.Without(block, NextStep, long.MaxValue))];
    }

    private void Begin(Upgrade upgrade)
    {
        _moves = upgrade.History.Count;
        _judges.Clear();
        var before = _plan.Slis.ToDictionary(sli => sli.Name, BaselineOf);
        var levels = LevelsOf(upgrade, before);
        var specs = _specs = _plan.Slis.ToDictionary(sli => sli.Name, sli => SliReader.SpecOf(sli, _plan.StepSeconds, levels, BoundsOf(sli)));
        BaselineUnhealthy = _window.ReadFrom < _window.FirstStep && _plan.Slis.Any(sli => IsUnwell(sli, specs[sli.Name], before[sli.Name]));
        var (first, last) = BaselineUnhealthy
            ? (_window.ReadFrom, _window.LastStep - (long)Math.Round(BaselineHealth.EndSeconds / _plan.StepSeconds))
            : (_window.FirstStep, _window.LastStep);
        foreach (var sli in _plan.Slis)
        {
            var baseline = before[sli.Name].Where(s => s.Step >= first && s.Step <= last);
            var history = _histories.GetValueOrDefault(sli.Name);
            var quantile = sli.Part == SignalPart.Quantile && history?.Reference is not null ? new MinuteQuantile(sli, _plan.StepSeconds) : null;
            _judges.Add((sli, SliJudge.Create(specs[sli.Name], [.. baseline], history), quantile));
        }
    }

    // Until the history is there its share of the level is kept free for it: an alarm must not go away because it came.
    private AlarmLevels LevelsOf(Upgrade upgrade, Dictionary<string, List<StepSample>> before)
    {
        var awaits = Past is null && (upgrade.Past is not null || HistoryRules.IsAwaited(upgrade));
        var bySeries = _plan.Slis.Where(sli => _histories.GetValueOrDefault(sli.Name)?.Reference is not null
            || (awaits && (sli.Part is SignalPart.Gauge or SignalPart.Quantile))).ToList();
        var byCounts = _plan.Slis.Count(sli => SliReader.MeasureOf(sli) != Measure.Gauge && before[sli.Name].Exists(HasNumber)
            && _histories.GetValueOrDefault(sli.Name)?.Reference is null);
        return AlarmLevels.Split(upgrade.Evaluation.FalseAlarmRate, byCounts, bySeries.Count > 0, bySeries.Exists(sli => sli.Critical));
    }

    private SliFinding WithLeftOut(SliDefinition sli, SliFinding result)
    {
        var window = _histories.GetValueOrDefault(sli.Name) is null ? LeftOut.Within(_plan.EndOf(_window.ReadFrom - 1), _from) : LeftOut;
        return window.Sentence() is { Length: > 0 } sentence ? result with { Reason = $"{result.Reason} {sentence}" } : result;
    }

    private static bool IsUnwell(SliDefinition sli, SliSpec spec, List<StepSample> before) =>
        sli.Critical && spec.Measure != Measure.Gauge && BaselineHealth.Judge(spec, before) is { Status: FindingStatus.Fail };

    // Before a histogram has been seen nothing is known of its buckets but that the last one has no bound.
    private IReadOnlyList<double> BoundsOf(SliDefinition sli) => _bounds.TryGetValue(sli.Signal, out var bounds) ? bounds : [double.PositiveInfinity];

    // A version may bring other buckets: what is compared is the bounds that both have.
    private bool NarrowBounds(StepBlock block)
    {
        var narrowed = false;
        foreach (var (name, signal) in block.Signals)
        {
            if (signal.Bounds.Length == 0 || (_bounds.TryGetValue(name, out var known) && known.SequenceEqual(signal.Bounds))) continue;
            var common = known is null ? signal.Bounds : BucketBounds.Common(known, signal.Bounds);
            narrowed |= known is null || common.Count != known.Count;
            _bounds[name] = common;
        }

        return narrowed;
    }

    private List<StepSample> BaselineOf(SliDefinition sli)
    {
        var samples = new List<StepSample>(_baseline.Count);
        for (var i = 0; i < _baseline.Count; i++)
        {
            if (!_window.IsExcluded(_plan, _baseline.FirstStep + i)) samples.Add(SliReader.Sample(sli, _baseline, i, StepState.None, _bounds.GetValueOrDefault(sli.Signal)));
        }

        return samples;
    }

    private static bool HasNumber(StepSample sample) => !double.IsNaN(sample.Value) || !double.IsNaN(sample.Total);

    private void Feed(StepBlock block)
    {
        for (var i = 0; i < block.Count; i++)
        {
            var state = _calendar.Next(block, i);
            _states[block.FirstStep + i] = state;
            NoteBlindness(block, i);
            if (block.Up[i] < 0 && block.FirstStep + i <= _unseenUntil) state |= StepState.Unseen;
            foreach (var (sli, judge, quantile) in _judges)
            {
                // What could not be asked for has not vanished.
                var seen = block.Signals.TryGetValue(sli.Signal, out var signal) && signal.Failure is not null ? state | StepState.Unseen : state;
                judge.Add(quantile?.Next(block, i, seen) ?? SliReader.Sample(sli, block, i, seen, _bounds.GetValueOrDefault(sli.Signal)));
            }

            NoteHealth(block.Up[i], state);
        }
    }

    private StepState StateOf(long step) => _states.GetValueOrDefault(step, StepState.Unseen);

    // It answers, and yet it sees nothing: what is missing then says nothing about the target.
    private string? Blindness => _blindRun < BlindSteps
        ? null
        : $"the source '{_plan.Source}' answers, but has taken in no sample of any target since {_plan.EndOf(NextStep - 1 - _blindRun):HH:mm:ss}; its scraping or remote write has stopped";

    private void NoteBlindness(StepBlock block, int index)
    {
        _blindRun = block.Blind?[index] == true ? _blindRun + 1 : 0;
        if (_blindRun > 0) _unseenUntil = Math.Max(_unseenUntil, block.FirstStep + index + StepsToComeBack);
    }

    private void NoteHealth(int up, StepState state)
    {
        if (up < 0) return;
        _downRun = up == 0 && !state.HasFlag(StepState.Planned) ? _downRun + 1 : 0;
        Health = _downRun >= DownSteps ? TargetHealth.Down : up > 0 ? TargetHealth.Up : Health;
    }

    private string? SignalFailure(SliDefinition sli) =>
        _blocks.Count > 0 && _blocks[^1].Signals.TryGetValue(sli.Signal, out var signal) ? signal.Failure?.Message : null;

    private void NoteGaps(StepBlock block)
    {
        for (var i = 0; i < block.Count; i++)
        {
            var step = block.FirstStep + i;
            if (StepBlocks.IsGap(block, i))
            {
                _gap = _gap is { } open ? (open.First, step) : (step, step);
            }
            else if (_gap is { } ended)
            {
                (_gap, GapToReread) = (null, ended.Last - ended.First < LongestReread ? ended : null);
            }
        }
    }

    private static bool IsEmpty(StepBlock block)
    {
        for (var i = 0; i < block.Count; i++)
        {
            if (!StepBlocks.IsGap(block, i)) return false;
        }

        return true;
    }
}
