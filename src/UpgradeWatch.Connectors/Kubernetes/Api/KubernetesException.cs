using System.Net;

namespace UpgradeWatch.Connectors.Kubernetes.Api;

/// <summary>The Kubernetes API did not give what was asked for; the message is a sentence for people.</summary>
internal sealed class KubernetesException(string message, HttpStatusCode? status = null, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What it answered; null when there was no answer.</summary>
    public HttpStatusCode? Status => status;

    /// <summary>How long it asked to be left alone; null when it did not.</summary>
    public TimeSpan? RetryAfter => retryAfter;
}
