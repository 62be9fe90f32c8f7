using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Measurements;

namespace UpgradeWatch.Analysis.Comparisons;

/// <summary>What is measured of one SLI on two sides at the same time. It measures; <see cref="SideBySide"/> decides.</summary>
internal abstract class PairMeasurement
{
    /// <summary>
    /// What is seen in the last steps, and in the newest of them, must be this unlikely at what is tolerated: enough to
    /// tell a late error from what lasts. How sure it is all together is the evidence's part.
    /// </summary>
    protected const double RecentLevel = 0.01;

    /// <summary>The same for the newest steps.</summary>
    protected const double NewestLevel = 0.1;

    /// <summary>Requests on the smaller side; infinite where none are needed.</summary>
    public virtual double Requests => double.PositiveInfinity;

    /// <summary>ln E of the sequential test; negative infinity where there is none.</summary>
    public virtual double LogEvidence => double.NegativeInfinity;

    /// <summary>Whether the new side is beyond tolerance of the old one in the last steps, and not by chance.</summary>
    public virtual bool IsStillThere => false;

    /// <summary>Whether all since <see cref="MarkInside"/> together is within tolerance.</summary>
    public virtual bool InsideSinceMark => true;

    /// <summary>The step at which it began; null for none.</summary>
    public virtual long? Onset => null;

    /// <summary>Whether the step has numbers on both sides.</summary>
    public abstract bool IsSample(in PairedStep step);

    /// <summary>Takes a step that counts and has numbers.</summary>
    public abstract void Take(in PairedStep step);

    /// <summary>Starts what <see cref="InsideSinceMark"/> is about.</summary>
    public virtual void MarkInside()
    {
    }

    /// <summary>For what is judged once, at the end: the conclusion; null for what is judged step by step.</summary>
    public virtual Conclusion? JudgeOnce(Stage stage) => null;

    /// <summary>The numbers to show: the old side as the baseline, the new one as what is.</summary>
    public abstract Picture Draw();
}
