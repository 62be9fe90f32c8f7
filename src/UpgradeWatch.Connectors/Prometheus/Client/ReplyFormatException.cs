namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>A reply is not what the HTTP API of Prometheus promises; the message goes on a sentence about the reply.</summary>
internal sealed class ReplyFormatException(string message) : Exception(message);
