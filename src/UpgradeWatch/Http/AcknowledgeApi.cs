using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>Telling UpgradeWatch that it is wrong about an SLI, or that what it found is known.</summary>
internal static class AcknowledgeApi
{
    /// <summary>Maps the routes.</summary>
    public static void MapAcknowledgements(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/upgrades/{id}/findings/{sli}/acknowledge").WithTags("Verdict");
        group.MapPost("", AcknowledgeAsync).WithName("acknowledgeFinding")
            .Accepts<AcknowledgeRequest>("application/json")
            .Produces<VerdictDocument>()
            .ProducesProblems(400, 404, 409, 413, 415, 422, 503, 507)
            .Needs(Role.Operate);
        group.MapDelete("", WithdrawAsync).WithName("withdrawAcknowledgement")
            .Produces<VerdictDocument>()
            .ProducesProblems(400, 404, 409, 503, 507)
            .Needs(Role.Operate);
    }

    /// <summary>Takes an SLI out of deciding, for good or until a time; answers with the verdict of the others. The same again changes nothing.</summary>
    internal static async Task<IResult> AcknowledgeAsync(string id, string sli, HttpContext context, UpgradeService upgrades, Documents documents)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        var (body, problem) = await RequestBody.ReadAsync(context, ApiJson.Default.AcknowledgeRequest);
        if (body is null) return problem!.Answer();
        if (FieldRules.Clearable("reason", body.Reason, FieldRules.Reason, isProse: true) is { } invalid) return invalid.Answer();

        var command = new AcknowledgeCommand { Sli = sli, Reason = body.Reason, Until = body.Until, By = Caller.NameOf(context) };
        return Answer(await upgrades.AcknowledgeAsync(id, command, context.RequestAborted), upgrades, documents);
    }

    /// <summary>Has an SLI decide again; answers with the verdict. When it was not acknowledged, nothing changes.</summary>
    internal static async Task<IResult> WithdrawAsync(string id, string sli, HttpContext context, UpgradeService upgrades, Documents documents)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        return Answer(await upgrades.WithdrawAsync(id, sli, Caller.NameOf(context), context.RequestAborted), upgrades, documents);
    }

    private static IResult Answer(CommandResult result, UpgradeService upgrades, Documents documents) => result.Upgrade is { } upgrade
        ? TypedResults.Ok(documents.Verdict(upgrades.AsReadNow(upgrade)))
        : Problems.Of(result.Refusal!).Answer();
}
