using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Measurements;

namespace UpgradeWatch.Analysis.Judges;

/// <summary>What a finding says, before the numbers are put beside it.</summary>
/// <param name="Status">The status.</param>
/// <param name="Code">One of <see cref="FindingCodes"/>.</param>
/// <param name="Reason">The sentence.</param>
/// <param name="PValue">Probability by chance, or null to show that of the count test, if any.</param>
/// <param name="Since">The step at which it began.</param>
internal sealed record Conclusion(
    FindingStatus Status,
    string Code,
    string Reason,
    double? PValue = null,
    long? Since = null)
{
    /// <summary>The finding: the conclusion with its numbers.</summary>
    /// <param name="picture">The numbers to show; those that are not finite are left out.</param>
    /// <param name="chance">The probability by chance where the conclusion has none of its own.</param>
    /// <param name="since">The time of <see cref="Since"/>.</param>
    /// <param name="baselineSamples">Steps with data before.</param>
    /// <param name="observedSamples">Counted steps with data since.</param>
    public SliFinding ToFinding(in Picture picture, double? chance, DateTimeOffset? since, long baselineSamples, long observedSamples)
    {
        return new SliFinding
        {
            Status = Status,
            Code = Code,
            Reason = Reason,
            Baseline = Known(picture.Baseline),
            ExpectedLower = Known(picture.Lower),
            ExpectedUpper = Known(picture.Upper),
            Current = Known(picture.Current),
            ChangeRatio = Known(picture.Change.Ratio),
            ChangeLower = Known(picture.Change.Lower),
            ChangeUpper = Known(picture.Change.Upper),
            PValue = PValue ?? chance,
            Since = since,
            BaselineSamples = baselineSamples,
            ObservedSamples = observedSamples,
        };

        static double? Known(double value) => double.IsFinite(value) ? value : null;
    }
}
