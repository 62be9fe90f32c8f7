using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Pipelines;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http.Hooks;

/// <summary>What Argo CD's notifications and any other pipeline tell: upgrades are opened and moved by it, and answered with how they stand.</summary>
internal static class PipelineApi
{
    /// <summary>Maps the routes.</summary>
    public static void MapPipelines(this IEndpointRouteBuilder routes)
    {
        Describe<ArgoCdRequest>(routes.MapPost("/api/v1/hooks/argocd", ArgoCdAsync)).WithName("argocdHook");
        Describe<PipelineRequest>(routes.MapPost("/api/v1/hooks/generic", GenericAsync)).WithName("genericHook");
    }

    /// <summary>Takes note of a sync. The same revision again changes nothing.</summary>
    internal static async Task<IResult> ArgoCdAsync(HttpContext context, UpgradeService upgrades, EngineOptions options, PipelineDocuments documents, TimeProvider time)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        var (given, problem) = await RequestBody.ReadAsync(context, ApiJson.Default.ArgoCdRequest);
        if (given is null) return problem!.Answer();
        var body = ArgoCdRules.WithoutEmpty(given);
        if (ArgoCdRules.Check(body) is { } invalid) return invalid.Answer();
        (var target, problem) = HookTargets.Find(options, Visitor.Of(context), "target", body.Target, body.Application, body.Namespace);
        if (target is null) return problem!.Answer();

        var steps = ArgoCdRules.StepsOf(body, options.Find(target)!, HookCaller.NameOf(context, PipelineTools.ArgoCd), time.GetUtcNow());
        Upgrade? upgrade = null;
        foreach (var step in steps)
        {
            if (upgrade is not null && ArgoCdRules.IsLate(step, upgrade)) break;
            var result = await upgrades.FollowAsync(step, context.RequestAborted);
            if (result.Refusal is { Kind: RefusalKind.NotFound }) return Answer(PipelineDocuments.Nothing(target, body.Revision));
            if (result.Refusal is { } refusal) return Problems.Of(refusal).Answer();
            upgrade = result.Upgrade;
        }

        return Answer(documents.Of(upgrades.AsReadNow(upgrade!), steps[^1], context));
    }

    /// <summary>Opens an upgrade or moves it to the phase that is told. The same call again changes nothing, one that was overtaken neither.</summary>
    internal static async Task<IResult> GenericAsync(HttpContext context, UpgradeService upgrades, EngineOptions options, PipelineDocuments documents)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        var (body, problem) = await RequestBody.ReadAsync(context, ApiJson.Default.PipelineRequest);
        if (body is null) return problem!.Answer();
        if (Check(body) is { } invalid) return invalid.Answer();
        if (!PhaseNames.TryParse(body.Phase, out var phase)) return UpgradeApi.NotAPhase(body.Phase, StatusCodes.Status422UnprocessableEntity).Answer();
        (var target, problem) = HookTargets.Find(options, Visitor.Of(context), "target", body.Target, body.Target, null);
        if (target is null) return problem!.Answer();

        var step = StepOf(body, phase, HookCaller.NameOf(context, PipelineTools.Generic));
        var result = await upgrades.FollowAsync(step, context.RequestAborted);
        return result.Upgrade is { } upgrade ? Answer(documents.Of(upgrades.AsReadNow(upgrade), step, context)) : Problems.Of(result.Refusal!).Answer();
    }

    // Also read by scripts, so that the sentence in it stands there as people read it.
    private static IResult Answer(PipelineDocument document) => TypedResults.Json(document, ApiJson.Wire.PipelineDocument);

    private static RouteHandlerBuilder Describe<TBody>(RouteHandlerBuilder route)
        where TBody : notnull => route
        .WithTags("Hooks")
        .Accepts<TBody>("application/json")
        .Produces<PipelineDocument>()
        .ProducesProblems(400, 404, 409, 413, 415, 422, 503, 507)
        .Needs(Role.Operate, TargetCheck.InHandler);

    private static Problem? Check(PipelineRequest body) =>
        FieldRules.Text("target", body.Target, FieldRules.LinkName)
        ?? FieldRules.Text("revision", body.Revision, FieldRules.Version)
        ?? FieldRules.Text("toVersion", body.ToVersion, FieldRules.Version)
        ?? FieldRules.Text("fromVersion", body.FromVersion, FieldRules.Version)
        ?? FieldRules.Text("owner", body.Owner, FieldRules.Owner)
        ?? FieldRules.Text("reason", body.Reason, FieldRules.Reason, isProse: true);

    private static PipelineStep StepOf(PipelineRequest body, Phase phase, string by) => new()
    {
        Target = body.Target,
        Change = new PipelineChange(PipelineTools.Generic, body.Target, body.Revision, body.ToVersion),
        Phase = phase,
        Opening = PipelineOpening.Again,
        LooksBack = true,
        Supersede = body.Supersede ?? false,
        FromVersion = body.FromVersion,
        At = body.At,
        Since = body.At,
        Reason = body.Reason,
        Owner = body.Owner,
        ObservationWindowSeconds = body.ObservationWindowSeconds,
        By = by,
    };
}
