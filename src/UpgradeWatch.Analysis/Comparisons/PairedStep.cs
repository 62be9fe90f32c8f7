using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Comparisons;

/// <summary>The numbers of two sets of series in the same step, for instance of the old pods and of the new ones.</summary>
/// <param name="Old">The set that is compared with.</param>
/// <param name="New">The set that is judged. Both samples are of the same step.</param>
/// <param name="OldSize">How many instances the old set has: traffic is compared per instance. Above 0.</param>
/// <param name="NewSize">The same of the new set.</param>
public readonly record struct PairedStep(StepSample Old, StepSample New, double OldSize = 1, double NewSize = 1);
