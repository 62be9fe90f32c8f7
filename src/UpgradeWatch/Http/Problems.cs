using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http;

/// <summary>Refusals as problem documents: the one place that maps them to status codes.</summary>
internal static class Problems
{
    private const string ContentType = "application/problem+json";

    /// <summary>A problem with a status and one sentence.</summary>
    public static Problem Of(int status, string detail, string? field = null, IReadOnlyList<string>? known = null) => new()
    {
        Status = status,
        Title = TitleOf(status),
        Detail = detail,
        Field = field,
        Known = known,
    };

    /// <summary>The problem of a refused command.</summary>
    public static Problem Of(Refusal refusal) =>
        Of(StatusOf(refusal.Kind), refusal.Detail, refusal.Field, refusal.Known) with
        {
            AllowedMoves = refusal.AllowedMoves,
            NotBefore = refusal.NotBefore,
            OpenUpgradeId = refusal.OpenUpgradeId,
            OpenItems = refusal.OpenItems,
        };

    /// <summary>The problem of a store that could not do what was asked.</summary>
    public static Problem Of(StoreException trouble) => Of(
        trouble.Failure == StoreFailure.Full ? StatusCodes.Status507InsufficientStorage : StatusCodes.Status503ServiceUnavailable,
        trouble.Message);

    /// <summary>A problem as the answer to a request.</summary>
    public static ProblemResult Answer(this Problem problem) => new(problem);

    /// <summary>404 for an upgrade that does not exist.</summary>
    public static ProblemResult NoUpgrade(string id) =>
        Of(StatusCodes.Status404NotFound, $"there is no upgrade '{Shown.Short(id)}'; GET /api/v1/upgrades lists them").Answer();

    /// <summary>Writes a problem.</summary>
    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = ContentType;
        var after = problem.RetryAfterSeconds ?? (problem.Status == StatusCodes.Status503ServiceUnavailable ? 5 : null as int?);
        if (after is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (problem.Status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        if (HeadRequests.Is(context)) return;
        if (PlainRefusals.AreWanted(context))
        {
            context.Response.ContentType = PlainRefusals.ContentType;
            await context.Response.WriteAsync(problem.Detail, context.RequestAborted);
            return;
        }

        await JsonSerializer.SerializeAsync(
            context.Response.Body, problem with { Instance = Shown.Short(context.Request.Path) }, ApiJson.Wire.Problem, context.RequestAborted);
    }

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.Invalid => StatusCodes.Status422UnprocessableEntity,
        RefusalKind.StoreFull => StatusCodes.Status507InsufficientStorage,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    private static string TitleOf(int status) => status switch
    {
        StatusCodes.Status421MisdirectedRequest => "Misdirected Request",
        425 => "Too Early",
        _ => ReasonPhrases.GetReasonPhrase(status),
    };
}
