using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Measurements;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Judges;

/// <summary>
/// The judge of one SLI: lets a measurement take the steps that count, and keeps what has to be remembered from step
/// to step. <see cref="Ruling"/> turns that into a finding.
/// </summary>
internal sealed class StepJudge(SliSpec spec, Measurement measurement) : SliJudge
{
    /// <summary>Failure inside the warm-up; shown as <see cref="FindingCodes.Level"/>.</summary>
    public const string Collapse = "collapse";

    private const long DownSteps = 8;
    private const long CollapsedSteps = 4;
    private const long VanishedSteps = 20;
    private const double VanishedEvents = 20;

    /// <summary>
    /// A process may need this long to settle after the steps that are left out, where those are short: until then a
    /// count test only warns, for at most 8 steps.
    /// </summary>
    private const double SettlingSeconds = 30;

    public SliSpec Spec => spec;

    public Measurement Measurement => measurement;

    public StepTally Tally { get; } = new();

    public Failure Failure { get; } = new(spec.StepSeconds);

    public required Flatness Flatness { get; init; }

    /// <summary>The largest ln E so far: 1/E is a p-value that holds whenever one looks.</summary>
    public double MostEvidence { get; private set; }

    /// <summary>Whether the count test has alarmed; it stays so.</summary>
    public bool HasAlarmed => MostEvidence >= -Math.Log(measurement.IsSeries ? spec.SeriesAlpha : spec.Alpha);

    /// <summary>When what the alarm was about began.</summary>
    public long? AlarmOnset { get; private set; }

    /// <summary>Whether data stopped although the target is up, for long enough to say so.</summary>
    public bool HasVanished => measurement.BaselineSamples > 0
        && Tally.Vanished >= VanishedSteps
        && Tally.Vanished * measurement.ExpectedEvents >= VanishedEvents;

    public override void Add(in StepSample step)
    {
        var isSample = measurement.IsSample(step);
        Tally.Add(step, isSample, isSample && measurement.IsCollapsed(step));
        var counts = isSample && step.State.Counts();
        if (counts)
            Take(step);

        var (code, since) = FindCause(step.Step, counts);
        if (code is not null)
        {
            Failure.Raise(code, since);
            measurement.MarkInside();
        }
        else if (counts && Failure.Calm(() => measurement.InsideSinceMark))
        {
            measurement.MarkInside();
        }
    }

    public override SliFinding Evaluate(in Moment moment) => new Ruling(this, moment).Find();

    /// <summary>Whether a value is beyond a hard limit.</summary>
    public bool IsBeyondLimit(double value) => value > spec.UpperLimit || value < spec.LowerLimit;

    private void Take(in StepSample step)
    {
        measurement.Take(step);
        if (spec.Measure == Measure.Gauge && !spec.IsQuantile)
            Flatness.Add(step.Value);
        else if (spec.Measure == Measure.Count)
            Flatness.Add(step.Total);

        var hadAlarmed = HasAlarmed;
        MostEvidence = Math.Max(MostEvidence, measurement.LogEvidence);
        if (HasAlarmed && !hadAlarmed)
            AlarmOnset = measurement.Onset ?? step.Step;
    }

    private (string? Code, long Since) FindCause(long step, bool counts)
    {
        if (measurement.BaselineSamples > 0 && Tally.Down >= DownSteps)
            return (FindingCodes.TargetDown, step - Tally.Down + 1);
        if (spec.Critical && HasVanished)
            return (FindingCodes.MetricVanished, step - Tally.Vanished + 1);
        if (Tally.Collapsed >= CollapsedSteps)
            return (Collapse, step - Tally.Collapsed + 1);
        if (!counts)
            return (null, 0);
        if (IsBeyondLimit(measurement.LimitedValue))
            return (FindingCodes.Limit, Math.Min(step, measurement.Onset ?? step));
        if (HasAlarmed && CanFailByEvidence && measurement.Recent == Departure.Beyond)
            return (FindingCodes.Level, Failure.IsOver || measurement.IsSeries ? measurement.Onset ?? step : AlarmOnset ?? step);
        return (null, 0);
    }

    /// <summary>Whether an alarm can be a failure. Without a baseline the default limit is nobody's promise: passing it only warns.</summary>
    private bool CanFailByEvidence => measurement.Obstacle is null
        && Tally.Settled >= Math.Min(RecentSteps.Steps, SettlingSeconds / spec.StepSeconds)
        && (measurement.BaselineSamples > 0 || spec.UpperLimit is not null);
}
