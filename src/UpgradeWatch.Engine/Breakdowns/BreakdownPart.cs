using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Breakdowns;

/// <summary>One counter that a breakdown adds up by label values.</summary>
/// <param name="IsEvent">Whether it counts what the finding is about; otherwise what those are events of.</param>
/// <param name="Sign">1, or -1 for what has to be taken off: requests at or below a bound.</param>
/// <param name="Counter">The counter.</param>
/// <param name="Labels">The labels to tell it apart by.</param>
public sealed record BreakdownPart(bool IsEvent, int Sign, Selector Counter, IReadOnlyList<string> Labels);
