using UpgradeWatch.Engine.Watches;
using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>The points behind a finding.</summary>
internal static class SeriesApi
{
    /// <summary>Maps the route.</summary>
    public static void MapSeries(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/upgrades/{id}/findings/{sli}/series", ReadAsync).WithName("getSeries").WithTags("Verdict")
        .Produces<SeriesDocument>()
        .ProducesProblems(400, 404)
        .Needs(Role.Read);

    /// <summary>Baseline, expected band and observed points of one SLI, for plots.</summary>
    internal static async Task<IResult> ReadAsync(string id, string sli, HttpContext context, VerdictReader reader, Evaluator evaluator)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        if (await reader.FindAsync(id, context.RequestAborted) is not { } upgrade) return Problems.NoUpgrade(id);
        var finding = upgrade.Verdict.Findings.FirstOrDefault(f => f.Sli == sli);
        if (finding is null)
        {
            string[] known = [.. upgrade.Verdict.Findings.Select(f => f.Sli)];
            var next = known.Length == 0 ? "nothing has been judged yet" : $"known: {string.Join(", ", known)}";
            return Problems.Of(StatusCodes.Status404NotFound, $"upgrade '{upgrade.Id}' has no finding for SLI '{Shown.Short(sli)}'; {next}", "sli", known).Answer();
        }

        return await evaluator.SeriesAsync(upgrade, sli, context.RequestAborted) is { } series
            ? TypedResults.Ok(Documents.Series(upgrade, finding, series))
            : Problems.Of(StatusCodes.Status404NotFound, $"no points of SLI '{sli}' have been read for upgrade '{upgrade.Id}' yet", "sli").Answer();
    }
}
