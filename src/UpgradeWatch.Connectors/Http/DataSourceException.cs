using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Http;

/// <summary>An outside system cannot be asked through another one; the message is a sentence for people.</summary>
internal sealed class DataSourceException(SourceFailureKind kind, string message) : Exception(message)
{
    /// <summary>What kind of failure it is.</summary>
    public SourceFailureKind Kind => kind;
}
