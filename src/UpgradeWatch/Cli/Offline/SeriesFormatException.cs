namespace UpgradeWatch.Cli.Offline;

/// <summary>A series that cannot be read; the message is for people.</summary>
internal sealed class SeriesFormatException(string message) : Exception(message);
