using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Sentences;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Comparisons;

/// <summary>
/// Judges one SLI of one set of instances against that of another at the same time, for instance new pods against old
/// ones during a rollout: what happens to both is no difference. Deterministic; steps come in ascending order, each once.
/// Not safe for concurrent use.
/// </summary>
public sealed class SideBySide
{
    private const long FewestSteps = 3;
    private readonly SliSpec _spec;
    private readonly PairMeasurement _measurement;
    private readonly Failure _failure;
    private readonly bool _isCalibrated;
    private readonly int _referenceSteps;
    private long _samples;
    private long? _last;
    private double _mostEvidence;
    private long? _alarmOnset;

    private SideBySide(SliSpec spec, IReadOnlyList<PairedStep> reference, double? dispersion)
    {
        var least = Math.Max(1, dispersion ?? 1);
        _spec = spec;
        _measurement = spec.Measure switch
        {
            Measure.Buckets => new BucketPairs(spec, reference, least),
            Measure.Gauge => new GaugePairs(spec, reference),
            _ => new RatePairs(spec, reference, least),
        };
        _failure = new Failure(spec.StepSeconds);
        _referenceSteps = reference.Count(step => _measurement.IsSample(step));
        _isCalibrated = spec.Measure == Measure.Gauge || _referenceSteps > 0 || dispersion is not null;
    }

    /// <summary>Makes the judge.</summary>
    /// <param name="spec">The SLI.</param>
    /// <param name="reference">Two sets of old instances against each other at the same times: how much they differ when nothing does. May be empty.</param>
    /// <param name="dispersion">Variance of counts over that of independent events as known from elsewhere, for instance the baseline; the larger one counts. Null for not known; without any reference nothing can be said then.</param>
    /// <exception cref="ArgumentException">The spec or the steps contradict each other; the message names how.</exception>
    public static SideBySide Create(SliSpec spec, IReadOnlyList<PairedStep> reference, double? dispersion = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(reference);
        SpecCheck.Verify(spec, [.. reference.Select(step => step.Old)]);
        foreach (var step in reference)
            Verify(step);
        return new SideBySide(spec, reference, dispersion);
    }

    private bool HasAlarmed => _mostEvidence >= -Math.Log(_spec.Alpha);

    // Never 0: what is next to impossible is not impossible, and its logarithm is a score.
    private double ChanceOfEvidence => Math.Clamp(Math.Exp(-_mostEvidence), 1e-300, 1);

    /// <summary>Takes the next step. One that does not count on either side, or has no numbers on both, is left out.</summary>
    /// <exception cref="ArgumentException">The two samples are of different steps, or the step is not after the last one.</exception>
    public void Add(in PairedStep step)
    {
        Verify(step);
        if (step.New.Step <= _last)
            throw new ArgumentException($"Step {step.New.Step} follows step {_last}; give each step once, in ascending order.", nameof(step));
        _last = step.New.Step;
        if (!(step.Old.State | step.New.State).Counts() || !_measurement.IsSample(step))
            return;

        _samples++;
        _measurement.Take(step);
        var hadAlarmed = HasAlarmed;
        _mostEvidence = Math.Max(_mostEvidence, _measurement.LogEvidence);
        if (HasAlarmed && !hadAlarmed)
            _alarmOnset = _measurement.Onset ?? step.New.Step;

        // The evidence as it is now: of a hiccup that is over, it has been lost again.
        if (_measurement.LogEvidence >= -Math.Log(_spec.Alpha) && _isCalibrated && _measurement.IsStillThere)
        {
            _failure.Raise(FindingCodes.Level, _failure.IsOver ? _measurement.Onset ?? step.New.Step : _alarmOnset ?? step.New.Step);
            _measurement.MarkInside();
        }
        else if (_failure.Calm(() => _measurement.InsideSinceMark))
        {
            _measurement.MarkInside();
        }
    }

    /// <summary>What is to be said now. Baseline is the old side over the last 8 counted steps, current the new one.</summary>
    public SliFinding Evaluate(in Moment moment)
    {
        var words = new PairWording(_spec, moment, _measurement.Draw());
        var conclusion = Conclude(moment, words);
        var picture = words.Picture;
        double? chance = _spec.Measure == Measure.Gauge ? null : ChanceOfEvidence;
        DateTimeOffset? start = conclusion.Since is { } since ? words.StartOf(since) : null;
        return conclusion.ToFinding(picture, chance, start, _referenceSteps, _samples);
    }

    private Conclusion Conclude(in Moment moment, PairWording words)
    {
        if (_failure.Stands)
            return Say(FindingStatus.Fail, FindingCodes.Level, words.Worse(_failure.Since, ChanceOfEvidence), _failure.Since);
        if (moment.SourceFailure is { } cause)
            return Say(FindingStatus.Inconclusive, FindingCodes.Source, $"{_spec.Name} could not be read in full: {cause.TrimEnd('.')}.");
        if (!_isCalibrated)
            return Say(FindingStatus.Inconclusive, FindingCodes.NoBaseline, $"How much the instances differ in {_spec.Name} by themselves is not known, so the new ones cannot be compared with the old ones.");
        if (_samples < FewestSteps || _measurement.Requests < RecentSteps.Requests)
            return NotEnough(moment.Stage);
        if (_failure.IsOver)
            return Say(FindingStatus.Warn, FindingCodes.Recovered, words.Recovered(_failure.Since), _failure.Since);
        if (_measurement.JudgeOnce(moment.Stage) is { } once)
            return once.Reason.Length > 0 ? once : once with { Reason = words.Alike() };
        if (HasAlarmed)
            return Say(FindingStatus.Warn, FindingCodes.Transient, words.Transient(_alarmOnset), _alarmOnset);
        if (_measurement.LogEvidence >= -Math.Log(_spec.WarnAlpha) && _measurement.IsStillThere)
            return Say(FindingStatus.Warn, FindingCodes.Level, words.Worse(_measurement.Onset, ChanceOfEvidence), _measurement.Onset);
        return Say(moment.Stage == Stage.Upgrading ? FindingStatus.Pending : FindingStatus.Pass, FindingCodes.None, words.Alike());
    }

    private Conclusion NotEnough(Stage stage)
    {
        var requests = double.IsFinite(_measurement.Requests) ? $" and {Units.Round(_measurement.Requests)} requests on the smaller side" : "";
        return Say(
            stage == Stage.Closed ? FindingStatus.Inconclusive : FindingStatus.Pending,
            FindingCodes.TooLittleData,
            $"{_spec.Name} has {_samples} steps{requests} in which both the old and the new instances were there; that is too little to compare them.");
    }

    private static void Verify(in PairedStep step)
    {
        if (step.Old.Step != step.New.Step)
            throw new ArgumentException($"The old sample is of step {step.Old.Step} and the new one of step {step.New.Step}; both must be of the same step.", nameof(step));
    }

    private static Conclusion Say(FindingStatus status, string code, string reason, long? since = null) => new(status, code, reason, null, since);
}
