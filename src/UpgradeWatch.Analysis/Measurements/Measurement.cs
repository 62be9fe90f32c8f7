using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Sentences;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>What one kind of SLI measures: the baseline, and the counted steps taken since. It measures; the judge decides.</summary>
internal abstract class Measurement
{
    /// <summary>Steps with data in the baseline.</summary>
    public abstract long BaselineSamples { get; }

    /// <summary>Why it cannot be judged however long one waits, or null.</summary>
    public virtual Conclusion? Obstacle => null;

    /// <summary>Events per step to be expected from the baseline; infinite where a step needs no events.</summary>
    public virtual double ExpectedEvents => double.PositiveInfinity;

    /// <summary>Requests seen in the counted steps; infinite where none are needed.</summary>
    public virtual double Requests => double.PositiveInfinity;

    /// <summary>ln E of the count test now; negative infinity where there is none.</summary>
    public virtual double LogEvidence => double.NegativeInfinity;

    /// <summary>The chance to show where it is not that of the evidence; null for that.</summary>
    public virtual double? PValue => null;

    /// <summary>Whether it is the family of series whose level holds, and not that of the count tests.</summary>
    public virtual bool IsSeries => false;

    /// <summary>Whether what is off is there in the last counted steps.</summary>
    public virtual Departure Recent => Departure.None;

    /// <summary>Whether everything since <see cref="MarkInside"/> taken together is within the tolerance.</summary>
    public virtual bool InsideSinceMark => true;

    /// <summary>The step at which what is off began; null for none.</summary>
    public virtual long? Onset => null;

    /// <summary>Point estimates over the last 8 counted steps that the hard limits hold for; NaN while there are too few requests.</summary>
    public abstract double LimitedValue { get; }

    /// <summary>Whether the step has the numbers of this kind.</summary>
    public abstract bool IsSample(in StepSample step);

    /// <summary>Whether more than half of the events of the step are bad.</summary>
    public virtual bool IsCollapsed(in StepSample step) => false;

    /// <summary>Takes a counted step with data.</summary>
    public abstract void Take(in StepSample step);

    /// <summary>Starts what <see cref="InsideSinceMark"/> is about.</summary>
    public virtual void MarkInside()
    {
    }

    /// <summary>For what is judged without a count test: the result when there is enough data, or null.</summary>
    public virtual Conclusion? JudgeOnce(Stage stage) => null;

    /// <summary>What there is to say about what is off, or about nothing being off; null for the sentence that fits every kind.</summary>
    /// <param name="words">The words.</param>
    /// <param name="abnormal">Whether there is a finding to explain.</param>
    /// <param name="since">The step at which it began.</param>
    public virtual string? Tell(Wording words, bool abnormal, long? since = null) => null;

    /// <summary>The numbers to show.</summary>
    /// <param name="abnormal">Whether there is a finding to explain: then the part that moved most is shown.</param>
    public abstract Picture Draw(bool abnormal);
}
