using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Security;

/// <summary>Lets a request of the API through to its route when whoever asks may call it. What does not say who may is refused.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, Gatekeeper keeper, UpgradeService upgrades)
{
    private static readonly RouteAccess Unsaid = new(Role.Admin, TargetCheck.InRoute);

    /// <summary>Handles one request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var access = endpoint?.Metadata.GetMetadata<RouteAccess>() ?? Unsaid;
        if (access.Role is not { } least)
        {
            await next(context);
            return;
        }

        var problem = await LookAsync(context, access, least, isRoute: endpoint is RouteEndpoint);
        if (problem is null) await next(context);
        else await Problems.WriteAsync(context, problem);
        if (context.Response.StatusCode == StatusCodes.Status403Forbidden && context.Features.Get<Visitor>() is { } visitor) keeper.NoteForbidden(context, visitor);
    }

    private async Task<Problem?> LookAsync(HttpContext context, RouteAccess access, Role least, bool isRoute)
    {
        var (inBody, problem) = access.TokenInBody ? await BodyToken.TakeAsync(context) : (null, null);
        if (problem is not null) return problem;
        (var visitor, problem) = keeper.Admit(context, inBody);
        if (visitor is null) return problem;
        context.Features.Set(visitor);
        // A path that leads nowhere (404, 405) asks for nothing but a token.
        if (!isRoute) return null;
        return visitor.RefuseRole(least, $"{context.Request.Method} here") ?? await RefuseTargetAsync(context, access, visitor)
            ?? await ContentGuard.CheckAsync(context, access, visitor);
    }

    private async ValueTask<Problem?> RefuseTargetAsync(HttpContext context, RouteAccess access, Visitor visitor)
    {
        if (visitor.Targets.Count == 0 || access.Targets != TargetCheck.InRoute) return null;
        if (context.GetRouteValue("target") is string target) return visitor.RefuseTarget(target);
        if (context.GetRouteValue("id") is not string id) return visitor.RefuseTarget("");
        // One that does not exist is answered by the route.
        return await upgrades.FindAsync(id, context.RequestAborted) is { } upgrade ? visitor.RefuseTarget(upgrade.Target) : null;
    }
}
