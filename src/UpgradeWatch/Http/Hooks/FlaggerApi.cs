using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Pipelines;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http.Hooks;

/// <summary>Flagger's webhooks: a canary is watched, held, promoted or rolled back by the verdict.</summary>
internal static class FlaggerApi
{
    private static readonly (FlaggerHook Hook, string Path, string Summary)[] Hooks =
    [
        (FlaggerHook.ConfirmRollout, "confirm-rollout", "200 once the upgrade is open; while the checklist holds it, 409."),
        (FlaggerHook.Rollout, "rollout", "409 when the verdict is fail, else 200."),
        (FlaggerHook.ConfirmPromotion, "confirm-promotion", "200 when the verdict is pass or warn and enough was watched, else 409."),
        (FlaggerHook.PostRollout, "post-rollout", "Takes note of how the canary ended."),
        (FlaggerHook.Event, "event", "Takes note of how far the canary is."),
        (FlaggerHook.Rollback, "rollback", "200, which rolls back, only when the verdict is fail; else 409."),
    ];

    /// <summary>Maps the routes.</summary>
    public static void MapFlagger(this IEndpointRouteBuilder routes)
    {
        foreach (var (hook, path, summary) in Hooks)
        {
            routes.MapPost(
                    $"{PlainRefusals.Path}/{path}",
                    (HttpContext context, UpgradeService upgrades, EngineOptions options) => AnswerAsync(hook, context, upgrades, options))
                .WithName($"flagger-{path}").WithTags("Hooks").WithSummary(summary)
                .WithDescription("The token may come as metadata.token. Every answer is one plain sentence.")
                .Accepts<FlaggerRequest>("application/json")
                .IsPlainHook();
        }
    }

    private static async Task<IResult> AnswerAsync(FlaggerHook hook, HttpContext context, UpgradeService upgrades, EngineOptions options)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        var (body, problem) = await RequestBody.ReadAsync(context, ApiJson.Default.FlaggerRequest);
        if (body is null) return problem!.Answer();
        if (FlaggerRules.Check(body, hook) is { } invalid) return invalid.Answer();
        (var target, problem) = HookTargets.Find(options, Visitor.Of(context), "metadata.target", FlaggerRules.ValueOf(body, "target"), body.Name, body.Namespace);
        if (target is null) return problem!.Answer();

        var step = FlaggerRules.StepOf(body, hook, target, HookCaller.NameOf(context, PipelineTools.Flagger));
        var result = await upgrades.FollowAsync(step, context.RequestAborted);
        var answer = result.Upgrade is { } upgrade ? FlaggerRules.Answer(hook, body, upgrades.AsReadNow(upgrade)) : FlaggerRules.Answer(hook, result.Refusal!);
        return answer is var (status, sentence) ? TypedResults.Text(sentence, PlainRefusals.ContentType, statusCode: status) : Problems.Of(result.Refusal!).Answer();
    }
}
