namespace UpgradeWatch.Analysis.Offline;

/// <summary>A row on the grid.</summary>
/// <param name="Index">Steps from the change; below 0 before it.</param>
/// <param name="Row">The row.</param>
internal readonly record struct GridRow(long Index, SeriesRow Row);
