using UpgradeWatch.Http;

namespace UpgradeWatch.Security;

/// <summary>What a route asks of whoever calls it. A route without it is refused.</summary>
/// <param name="Role">The least role; null: it is open.</param>
/// <param name="Targets">Where a token's limit to targets is looked after.</param>
internal sealed record RouteAccess(Role? Role, TargetCheck Targets)
{
    /// <summary>Whether the token may also come in the body, as <c>metadata.token</c>.</summary>
    public bool TokenInBody { get; init; }

    /// <summary>Whether a form of the page may be sent in place of JSON.</summary>
    public bool TakesForms { get; init; }
}

/// <summary>Where a token's limit to targets is looked after.</summary>
internal enum TargetCheck
{
    /// <summary>Before the handler: the route names the target, or an upgrade.</summary>
    InRoute,

    /// <summary>In the handler: it is in the body, or several are answered.</summary>
    InHandler,

    /// <summary>Nowhere: nothing of it belongs to a target.</summary>
    None,
}

/// <summary>How routes say it.</summary>
internal static class RouteAccessExtensions
{
    /// <summary>Who may call a route.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder route, Role role, TargetCheck targets = TargetCheck.InRoute, bool takesForms = false)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteAccess(role, targets) { TakesForms = takesForms }).ProducesProblems(
            role == Role.Read ? [401, 403, 429] : [401, 403, 415, 429]);

    /// <summary>Operators may call a webhook whose sender can send no header, and shows people the answer as it is.</summary>
    public static RouteHandlerBuilder IsPlainHook(this RouteHandlerBuilder route)
    {
        foreach (var status in (int[])[200, 400, 401, 403, 404, 409, 413, 415, 422, 429, 503, 507]) route.Produces<string>(status, "text/plain");
        return route.WithMetadata(new RouteAccess(Role.Operate, TargetCheck.InHandler) { TokenInBody = true });
    }

    /// <summary>Everybody may call it: it looks after itself, or says nothing that others may not know.</summary>
    public static TBuilder IsOpen<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(null, TargetCheck.None));
}
