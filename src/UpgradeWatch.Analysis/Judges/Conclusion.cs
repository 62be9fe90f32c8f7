using UpgradeWatch.Analysis.Findings;

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
    long? Since = null);
