using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Judges;

/// <summary>
/// Judges one SLI of one upgrade step by step. Deterministic: the same baseline and the same steps give the same
/// finding, so that a restart rebuilds it by feeding the steps again. Steps come in ascending order, each once.
/// Not safe for concurrent use.
/// </summary>
public abstract class SliJudge
{
    /// <summary>Makes the judge for the measure of an SLI.</summary>
    /// <param name="spec">The SLI.</param>
    /// <param name="baseline">The steps before the upgrade, ascending; gaps as NaN. May be empty: then there is no baseline.</param>
    /// <exception cref="ArgumentException">The spec or the steps contradict each other; the message names how.</exception>
    public static SliJudge Create(SliSpec spec, IReadOnlyList<StepSample> baseline) =>
        throw new NotSupportedException();

    /// <summary>Takes the next step after the upgrade.</summary>
    public abstract void Add(in StepSample step);

    /// <summary>What is to be said now. Adds nothing: may be asked any number of times.</summary>
    public abstract SliFinding Evaluate(in Moment moment);
}
