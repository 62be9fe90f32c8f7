using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>Routes that are promised and come in a later version: they say so instead of being unknown.</summary>
internal static class LaterApi
{
    /// <summary>Maps the routes.</summary>
    public static void MapLater(this IEndpointRouteBuilder routes)
    {
        Describe(routes.MapGet("/", () => Later("The status page")), "statusPage", "Page").Needs(Role.Read, TargetCheck.InHandler);
        Describe(routes.MapGet("/upgrades/{id}", (string id) => Later("The status page")), "upgradePage", "Page").Needs(Role.Read);
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route, string name, string tag) =>
        route.WithName(name).WithTags(tag).WithSummary("Comes in a later version.").ProducesProblems(501);

    private static ProblemResult Later(string what) =>
        Problems.Of(StatusCodes.Status501NotImplemented, $"{what} comes in a later version; what there is stands in /openapi/v1.json.").Answer();
}
