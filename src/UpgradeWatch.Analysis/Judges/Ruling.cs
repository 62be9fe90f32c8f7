using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Measurements;
using UpgradeWatch.Analysis.Sentences;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Judges;

/// <summary>Turns the state of a judge into a finding; the first outcome that holds is said.</summary>
internal readonly struct Ruling(StepJudge judge, Moment moment)
{
    private const long FewestSteps = 3;
    private const long StuckSteps = 20;
    private const long StepsForCoverage = 8;
    private const double LeastCoverage = 0.8;

    private readonly Wording _words = new(judge.Spec, moment, judge.Measurement.IsSeries);

    private SliSpec Spec => judge.Spec;

    private StepTally Tally => judge.Tally;

    private Measurement Measurement => judge.Measurement;

    private bool IsClosed => moment.Stage == Stage.Closed;

    // Never 0: what is next to impossible is not impossible, and its logarithm is a score.
    private double ChanceOfEvidence => Math.Max(Math.Exp(-judge.MostEvidence), 1e-300);

    public SliFinding Find()
    {
        var conclusion = FromFailure() ?? FromSource() ?? FromMissingData() ?? FromAlarm() ?? FromTooLittle() ?? FromShape() ?? FromLevel();
        var picture = Measurement.Draw(conclusion.Status is FindingStatus.Fail or FindingStatus.Warn);
        double? chance = Measurement.PValue ?? (HasTest ? Math.Min(1, ChanceOfEvidence) : null);
        DateTimeOffset? start = conclusion.Since is { } since ? _words.StartOf(since) : null;
        return conclusion.ToFinding(picture, chance, start, Measurement.BaselineSamples, Tally.Samples);
    }

    private bool HasTest => !double.IsNegativeInfinity(Measurement.LogEvidence);

    private Picture Abnormal => Measurement.Draw(abnormal: true);

    private Conclusion? FromFailure()
    {
        var failure = judge.Failure;
        if (!failure.Stands)
            return null;

        var since = failure.Since;
        return failure.Code switch
        {
            FindingCodes.TargetDown => Say(FindingStatus.Fail, FindingCodes.TargetDown, _words.Down(Math.Max(Tally.Down, 8), since), since),
            FindingCodes.MetricVanished => Say(FindingStatus.Fail, FindingCodes.MetricVanished, _words.Vanished(Math.Max(Tally.Vanished, 20), since), since),
            FindingCodes.Limit => Say(FindingStatus.Fail, FindingCodes.Limit, _words.Limit(Abnormal, Measurement.LimitedValue, since), since),
            StepJudge.Collapse => Say(FindingStatus.Fail, FindingCodes.Level, _words.Collapsed(since), since),
            _ when Tally.IsStarting => Say(FindingStatus.Warn, FindingCodes.Transient, _words.Starting(Abnormal, since), since),
            _ => Say(FindingStatus.Fail, LevelCode, Measurement.Tell(_words, true, since) ?? _words.Failed(Abnormal, since, ChanceOfEvidence), since),
        };
    }

    private string LevelCode => Measurement.BaselineSamples > 0 ? FindingCodes.Level : FindingCodes.NoBaseline;

    private Conclusion? FromSource() => moment.SourceFailure is { } cause
        ? Say(FindingStatus.Inconclusive, FindingCodes.Source, $"{Spec.Name} could not be read in full: {cause.TrimEnd('.')}.")
        : null;

    private Conclusion? FromMissingData()
    {
        if (Measurement.BaselineSamples == 0)
            return Tally.AnySamples == 0 ? NotEnough($"{Spec.Name} has no data, neither before nor after the upgrade") : WithoutBaseline();
        if (Measurement.Obstacle is { } obstacle)
            return obstacle;
        if (judge.HasVanished)
        {
            var since = Tally.Last - Tally.Vanished + 1;
            return Say(FindingStatus.Warn, FindingCodes.MetricVanished, _words.Vanished(Tally.Vanished, since ?? 0), since);
        }

        // While the window is open an alarm says more than a gap does; what nobody saw to the end is not decided by it.
        return Tally.Silent >= RecentSteps.Steps && Tally.Samples > 0 && (IsClosed || !(judge.HasAlarmed || judge.Failure.IsOver))
            ? NotEnough($"{Spec.Name} has had no data for {Tally.Silent} steps{(Tally.Silent == Tally.Vanished ? " although the target is up" : "")}")
            : null;
    }

    private Conclusion WithoutBaseline()
    {
        if (Measurement.Obstacle is { } obstacle)
            return obstacle;
        if (judge.HasAlarmed)
        {
            var limit = Units.Format(Spec.UpperLimit ?? Counts.LimitTest.DefaultLimit, Spec.Unit);
            var sentence = $"{_words.Comparison(Abnormal)}, over the limit of {limit}; there is no data from before the upgrade to compare it with.";
            return Say(FindingStatus.Warn, FindingCodes.NoBaseline, sentence, judge.AlarmOnset);
        }

        return Say(
            FindingStatus.Inconclusive,
            FindingCodes.NoBaseline,
            $"{Spec.Name} has no data from before the upgrade to be compared with{(Tally.Samples > 0 ? $"; it is {Units.Format(Measurement.Draw(false).Current, Spec.Unit)} now" : "")}.");
    }

    private Conclusion? FromAlarm()
    {
        if (judge.Failure is { IsOver: true, Code: { } code } failure)
            return Say(FindingStatus.Warn, FindingCodes.Recovered, _words.Recovered(Measurement.Draw(false), PublicCode(code), failure.Since), failure.Since);
        if (!judge.HasAlarmed)
            return null;

        var since = judge.AlarmOnset;
        if (Tally.IsStarting)
            return Say(FindingStatus.Warn, FindingCodes.Transient, _words.Starting(Abnormal, since), since);
        return Measurement.Recent == Departure.Tail
            ? Say(FindingStatus.Warn, FindingCodes.Tail, _words.Tail(Abnormal, since), since)
            : Say(FindingStatus.Warn, FindingCodes.Transient, _words.Transient(Abnormal, since), since);
    }

    private static string PublicCode(string code) => code == StepJudge.Collapse ? FindingCodes.Level : code;

    private Conclusion? FromTooLittle()
    {
        if (Tally.Samples >= FewestSteps && Measurement.Requests >= RecentSteps.Requests)
            return null;

        var requests = double.IsFinite(Measurement.Requests) ? $" and {Units.Round(Measurement.Requests)} {(Measurement.Requests == 1 ? "request" : "requests")}" : "";
        var needed = double.IsFinite(Measurement.Requests) ? $" and {RecentSteps.Requests} requests" : "";
        return NotEnough($"{Spec.Name} has {Tally.Samples} {(Tally.Samples == 1 ? "step" : "steps")}{requests} since the upgrade, and {FewestSteps} steps{needed} are needed");
    }

    private Conclusion? FromShape()
    {
        var once = Measurement.JudgeOnce(moment.Stage);
        if (once is { Status: FindingStatus.Fail })
            return once;
        if (Tally.Samples < LeastCoverage * Tally.Counted && (Tally.Counted >= StepsForCoverage || IsClosed))
        {
            var sentence = $"{Spec.Name} has data for {Tally.Samples} of the {Tally.Counted} steps since the upgrade; {LeastCoverage:P0} are needed to trust it. So far: {_words.Comparison(Measurement.Draw(false))}.";
            return Say(FindingStatus.Warn, FindingCodes.Gaps, sentence);
        }

        if (judge.Flatness.Steps >= StuckSteps || (IsClosed && judge.Flatness.Steps >= StepsForCoverage))
        {
            var value = Measurement.Draw(false).Current;
            return Say(FindingStatus.Warn, FindingCodes.Flat, $"{Spec.Name} has been stuck at {Units.Format(value, Spec.Unit)} since the upgrade, a value it never had before.");
        }

        return once switch
        {
            null or { Status: FindingStatus.Pass } => null,
            _ => once,
        };
    }

    private Conclusion FromLevel()
    {
        if (Measurement.LogEvidence >= -Math.Log(Measurement.IsSeries ? Spec.SeriesWarnAlpha : Spec.WarnAlpha) && Measurement.Recent == Departure.Beyond && !Tally.IsStarting)
        {
            var since = Measurement.Onset;
            return Say(FindingStatus.Warn, FindingCodes.Level, Measurement.Tell(_words, true, since) ?? _words.Level(Abnormal, since, ChanceOfEvidence), since);
        }

        var picture = Measurement.Draw(false);
        var once = Measurement.JudgeOnce(moment.Stage);
        if (once is null && Spec.Measure == Measure.Gauge && !Measurement.IsSeries)
        {
            return Say(
                FindingStatus.Pending,
                FindingCodes.None,
                $"{_words.Comparison(picture)}; with only {Measurement.BaselineSamples} steps before the upgrade it is judged once, when the window closes.");
        }

        var code = once?.Code ?? FindingCodes.None;
        var reason = code == FindingCodes.Provisional ? _words.Provisional(picture, once?.Since) : Measurement.Tell(_words, false) ?? _words.Calm(picture);
        var status = moment.Stage == Stage.Upgrading ? FindingStatus.Pending : FindingStatus.Pass;
        return new Conclusion(status, code, reason, once?.PValue, once?.Since);
    }

    private Conclusion NotEnough(string what) => IsClosed
        ? Say(FindingStatus.Inconclusive, FindingCodes.TooLittleData, $"{what}: too little to judge.")
        : Say(FindingStatus.Pending, FindingCodes.TooLittleData, $"{what}: too early to say.");

    private static Conclusion Say(FindingStatus status, string code, string reason, long? since = null) =>
        new(status, code, reason, null, since);
}
