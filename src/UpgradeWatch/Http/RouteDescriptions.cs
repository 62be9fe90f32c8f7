using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http;

/// <summary>What routes say about themselves for the OpenAPI document.</summary>
internal static class RouteDescriptions
{
    /// <summary>The statuses that are answered with a problem document.</summary>
    public static TBuilder ProducesProblems<TBuilder>(this TBuilder route, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), ["application/problem+json"]));
        return route;
    }
}
