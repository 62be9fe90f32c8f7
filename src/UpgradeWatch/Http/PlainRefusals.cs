namespace UpgradeWatch.Http;

/// <summary>
/// Marks a route whose refusals are one plain sentence and no problem document, because whoever calls it shows people the
/// body as it is.
/// </summary>
internal sealed class PlainRefusals
{
    /// <summary>What such an answer is.</summary>
    public const string ContentType = "text/plain; charset=utf-8";
}
