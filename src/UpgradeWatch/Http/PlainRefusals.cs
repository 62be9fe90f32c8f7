namespace UpgradeWatch.Http;

/// <summary>
/// Flagger shows people the body of a refusal as it is, so there it is one plain sentence and no problem document, whoever
/// refuses.
/// </summary>
internal static class PlainRefusals
{
    /// <summary>What such an answer is.</summary>
    public const string ContentType = "text/plain; charset=utf-8";

    /// <summary>Where they are given.</summary>
    public const string Path = "/api/v1/hooks/flagger";

    /// <summary>Whether a request is to be refused so.</summary>
    public static bool AreWanted(HttpContext context) => context.Request.Path.StartsWithSegments(Path, StringComparison.Ordinal);
}
