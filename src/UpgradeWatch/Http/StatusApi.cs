using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>How UpgradeWatch itself is doing.</summary>
internal static class StatusApi
{
    /// <summary>Maps the route.</summary>
    public static void MapStatus(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/status", ReadAsync).WithName("getStatus").WithTags("Status")
        .Produces<StatusDocument>()
        .ProducesProblems(400)
        .Needs(Role.Read, TargetCheck.InHandler);

    /// <summary>The state of every dependency, with the last error and since when.</summary>
    internal static async Task<IResult> ReadAsync(HttpContext context, StatusReader status)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        return TypedResults.Ok(await status.ReadAsync(Visitor.Of(context), context.RequestAborted));
    }
}
