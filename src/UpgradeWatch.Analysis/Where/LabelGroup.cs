namespace UpgradeWatch.Analysis.Where;

/// <summary>One value of a label with what is off in it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Before">Events before.</param>
/// <param name="Since">Events since.</param>
/// <param name="Off">How many of those since are more (downwards: fewer) than were to be expected.</param>
/// <param name="Share">Share of the change that it would have if all values had changed alike; NaN where that means nothing.</param>
/// <param name="IsNew">Whether it did not exist before.</param>
internal readonly record struct LabelGroup(string Value, double Before, double Since, double Off, double Share, bool IsNew);
