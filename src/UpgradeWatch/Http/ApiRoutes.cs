using UpgradeWatch.Http.Hooks;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>Every route of the server.</summary>
internal static class ApiRoutes
{
    /// <summary>Maps them all.</summary>
    public static void MapAll(this IEndpointRouteBuilder routes)
    {
        routes.MapUpgrades();
        routes.MapVerdicts();
        routes.MapGates();
        routes.MapAcknowledgements();
        routes.MapChecklists();
        routes.MapSeries();
        routes.MapReports();
        routes.MapEvents();
        routes.MapStatus();
        routes.MapLogin();
        routes.MapFlagger();
        routes.MapPipelines();
        routes.MapLater();
        routes.MapProbes();
        routes.MapOpenApi("/openapi/{documentName}.json").Needs(Role.Read, TargetCheck.None).Add(DescribedOnce.Keep);
    }
}
