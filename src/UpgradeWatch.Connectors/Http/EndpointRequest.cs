namespace UpgradeWatch.Connectors.Http;

/// <summary>What the endpoint's client has to know about a request.</summary>
internal static class EndpointRequest
{
    private static readonly HttpRequestOptionsKey<bool> RepeatableKey = new("UpgradeWatch.Repeatable");

    /// <summary>Says that a POST only asks and changes nothing, so that it may be tried again.</summary>
    public static HttpRequestMessage AsRepeatable(this HttpRequestMessage request)
    {
        request.Options.Set(RepeatableKey, true);
        return request;
    }

    /// <summary>Whether the request may be sent twice.</summary>
    public static bool IsRepeatable(HttpRequestMessage? request) => request is not null
        && (request.Method == HttpMethod.Get
            || request.Method == HttpMethod.Head
            || (request.Options.TryGetValue(RepeatableKey, out var repeatable) && repeatable));
}
