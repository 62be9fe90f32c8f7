using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Measurements;
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
    /// <param name="history">What is known from before the baseline; null for nothing.</param>
    /// <exception cref="ArgumentException">The spec or the steps contradict each other; the message names how.</exception>
    public static SliJudge Create(SliSpec spec, IReadOnlyList<StepSample> baseline, SliHistory? history = null) =>
        Make(spec, baseline, isSmall: false, history);

    /// <summary>Takes the next step after the upgrade.</summary>
    public abstract void Add(in StepSample step);

    /// <summary>What is to be said now. Adds nothing: may be asked any number of times.</summary>
    public abstract SliFinding Evaluate(in Moment moment);

    /// <summary>The same, with a gauge judged by the small-sample tests although its baseline is long.</summary>
    internal static StepJudge Make(SliSpec spec, IReadOnlyList<StepSample> baseline, bool isSmall, SliHistory? history = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(baseline);
        SpecCheck.Verify(spec, baseline);
        Measurement measurement = spec.Measure switch
        {
            Measure.Gauge when history?.Reference is { } reference && !isSmall => new SeriesMeasurement(spec, baseline, reference),
            Measure.Count when history?.Reference is { HistoryMinutes: >= SeriesReference.DayMinutes } reference => new SeriesMeasurement(spec, baseline, reference),
            Measure.Buckets => new BucketMeasurement(spec, baseline, history?.Growth),
            Measure.Gauge => new GaugeMeasurement(spec, baseline, isSmall),
            _ => new RateMeasurement(spec, baseline, history?.Events),
        };
        Func<StepSample, double> value = spec.Measure == Measure.Gauge ? step => step.Value : step => step.Total;
        return new StepJudge(spec, measurement) { Flatness = new Flatness(baseline, value) };
    }
}
