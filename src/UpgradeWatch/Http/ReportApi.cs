using Microsoft.Net.Http.Headers;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Watches;
using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>The post-implementation review.</summary>
internal static class ReportApi
{
    private static readonly string[] LaterTypes = ["text/html", "text/markdown"];

    /// <summary>Maps the route.</summary>
    public static void MapReports(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/upgrades/{id}/report", ReadAsync).WithName("getReport").WithTags("Upgrades")
        .Produces<ReportDocument>()
        .ProducesProblems(400, 404, 406, 501)
        .Needs(Role.Read);

    /// <summary>The post-implementation review as JSON. As HTML and Markdown (by Accept) it comes in a later version.</summary>
    internal static async Task<IResult> ReadAsync(string id, HttpContext context, VerdictReader reader, Evaluator evaluator)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        switch (Negotiate(context.Request))
        {
            case "application/json":
                break;
            case { } later:
                return Problems.Of(StatusCodes.Status501NotImplemented, $"the report as {later} comes in a later version; ask for application/json").Answer();
            case null:
                return Problems.Of(StatusCodes.Status406NotAcceptable, "the report is application/json; Accept names none of it").Answer();
        }

        return await reader.FindAsync(id, context.RequestAborted) is { } upgrade
            ? TypedResults.Ok(await WriteAsync(upgrade, reader, evaluator, context.RequestAborted))
            : Problems.NoUpgrade(id);
    }

    /// <summary>The report of an upgrade as it is now.</summary>
    internal static async Task<ReportDocument> WriteAsync(Upgrade upgrade, VerdictReader reader, Evaluator evaluator, CancellationToken cancellationToken)
    {
        var series = new List<SeriesDocument>();
        foreach (var finding in upgrade.Verdict.Findings)
        {
            if (await evaluator.SeriesAsync(upgrade, finding.Sli, cancellationToken) is { } points)
                series.Add(Documents.Series(upgrade, finding, points));
        }

        return new ReportDocument { WrittenAt = reader.Time.GetUtcNow(), Upgrade = reader.Documents.Upgrade(upgrade), Series = series };
    }

    // The type that the client likes best; JSON when it does not say, null when it takes none of them.
    private static string? Negotiate(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count == 0) return "application/json";
        foreach (var type in accepted.Where(a => a.Quality != 0).OrderByDescending(a => a.Quality ?? 1))
        {
            if (new MediaTypeHeaderValue("application/json").IsSubsetOf(type)) return "application/json";
            if (LaterTypes.FirstOrDefault(t => new MediaTypeHeaderValue(t).IsSubsetOf(type)) is { } later) return later;
        }

        return null;
    }
}
