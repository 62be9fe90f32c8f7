using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration;

/// <summary>A configuration, or every mistake in it.</summary>
/// <param name="Options">The configuration; null when there are mistakes.</param>
/// <param name="Mistakes">The mistakes in the order of their places; empty when there is a configuration.</param>
internal sealed record ConfigResult(UpgradeWatchOptions? Options, IReadOnlyList<ConfigMistake> Mistakes);
