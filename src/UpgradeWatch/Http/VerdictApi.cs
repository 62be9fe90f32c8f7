using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>The verdict, for whoever polls.</summary>
internal static class VerdictApi
{
    private const int LongestWait = 60;

    // A verdict can also change without an event: it becomes stale.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>Maps the routes.</summary>
    public static void MapVerdicts(this IEndpointRouteBuilder routes)
    {
        Describe(routes.MapGet("/api/v1/upgrades/{id}/verdict", OfUpgradeAsync).WithName("getVerdict"));
        Describe(routes.MapGet("/api/v1/targets/{target}/verdict", OfTargetAsync).WithName("getTargetVerdict"));
    }

    private static void Describe(RouteHandlerBuilder route) => route
        .WithTags("Verdict")
        .Produces<VerdictDocument>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblems(400, 404, 503)
        .Needs(Role.Read);

    /// <summary>The verdict of an upgrade: always 200 with one flat object, whatever it says.</summary>
    internal static Task<IResult> OfUpgradeAsync(string id, string? wait, HttpContext context, VerdictReader reader) =>
        AnswerAsync(context, wait, reader, () => reader.FindAsync(id, context.RequestAborted), () => Problems.NoUpgrade(id));

    /// <summary>The verdict of the target's newest upgrade.</summary>
    internal static Task<IResult> OfTargetAsync(string target, string? wait, HttpContext context, VerdictReader reader) =>
        AnswerAsync(context, wait, reader, () => ValueTask.FromResult(reader.Newest(target)), () => reader.NoUpgradeOf(target, Visitor.Of(context)));

    private static async Task<IResult> AnswerAsync(HttpContext context, string? wait, VerdictReader reader, Func<ValueTask<Upgrade?>> read, Func<IResult> missing)
    {
        if (Query.Check(context.Request, "wait") is { } unknown) return unknown.Answer();
        if (Query.Number("wait", wait, 0, LongestWait, 0, out var seconds) is { } bad) return bad.Answer();
        var upgrade = await read();
        if (upgrade is null) return missing();
        if (seconds > 0)
        {
            using var place = reader.Waiting.TryEnter(Visitor.Of(context).Name);
            if (place is null) return WaitingRoom.Full().Answer();
            upgrade = await WaitAsync(context, upgrade, TimeSpan.FromSeconds(seconds), reader, read);
        }

        var tag = VerdictTag.Of(upgrade);
        context.Response.Headers.ETag = tag;
        return VerdictTag.Matches(context.Request, tag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(reader.Documents.Verdict(upgrade));
    }

    private static async Task<Upgrade> WaitAsync(HttpContext context, Upgrade upgrade, TimeSpan wait, VerdictReader reader, Func<ValueTask<Upgrade?>> read)
    {
        var first = VerdictTag.Of(upgrade);
        var hasOther = context.Request.Headers.IfNoneMatch.Count > 0 && !VerdictTag.Matches(context.Request, first);
        var until = reader.Time.GetUtcNow() + wait;
        while (!hasOther && reader.Time.GetUtcNow() < until)
        {
            var next = reader.Changes.Next;
            upgrade = await read() ?? upgrade;
            if (VerdictTag.Of(upgrade) != first) break;
            var left = until - reader.Time.GetUtcNow();
            if (left <= TimeSpan.Zero) break;
            if (!await reader.WaitAsync(next, left < Look ? left : Look, context.RequestAborted)) break;
        }

        return upgrade;
    }
}
