using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>The verdict as a status code, for tools that understand nothing else.</summary>
internal static class GateApi
{
    /// <summary>Maps the routes.</summary>
    public static void MapGates(this IEndpointRouteBuilder routes)
    {
        Describe(routes.MapGet("/api/v1/upgrades/{id}/gate", OfUpgradeAsync).WithName("getGate"));
        Describe(routes.MapGet("/api/v1/targets/{target}/gate", OfTarget).WithName("getTargetGate"));
    }

    private static void Describe(RouteHandlerBuilder route) => route
        .WithTags("Verdict")
        .Produces<string>(StatusCodes.Status200OK, "text/plain")
        .Produces<string>(StatusCodes.Status409Conflict, "text/plain")
        .Produces<string>(StatusCodes.Status424FailedDependency, "text/plain")
        .Produces<string>(425, "text/plain")
        .ProducesProblems(400, 404)
        .Needs(Role.Read);

    /// <summary>200 for pass or warn, 425 for pending, 409 for fail or taken back, 424 for inconclusive, each with one plain sentence.</summary>
    internal static async Task<IResult> OfUpgradeAsync(string id, string? until, HttpContext context, VerdictReader reader) =>
        Answer(context, until, await reader.FindAsync(id, context.RequestAborted), () => Problems.NoUpgrade(id));

    /// <summary>The gate of the target's newest upgrade.</summary>
    internal static IResult OfTarget(string target, string? until, HttpContext context, VerdictReader reader) =>
        Answer(context, until, reader.Newest(target), () => reader.NoUpgradeOf(target, Visitor.Of(context)));

    private static IResult Answer(HttpContext context, string? until, Upgrade? upgrade, Func<IResult> missing)
    {
        if (Query.Check(context.Request, "until") is { } unknown) return unknown.Answer();
        if (until is not (null or "final")) return Query.Bad("until", $"until is '{Shown.Short(until)}'; it must be final, or be left out", ["final"]).Answer();
        if (upgrade is null) return missing();
        var gate = Gate.Of(upgrade, untilFinal: until is not null);
        return TypedResults.Text(gate.Sentence, "text/plain", statusCode: gate.Status);
    }
}
