namespace UpgradeWatch.Tests.Helm.Rendering;

/// <summary>The chart was not rendered.</summary>
public sealed class ChartRefusedException(string message) : Exception(message);
