using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>Opening, moving and reading upgrades.</summary>
internal static class UpgradeApi
{
    private const int IdLength = 26;
    private const int MostOfPage = 200;
    private const int Page = 50;

    /// <summary>Maps the routes.</summary>
    public static void MapUpgrades(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/upgrades").WithTags("Upgrades");
        group.MapPost("", BeginAsync).WithName("beginUpgrade")
            .Accepts<BeginRequest>("application/json")
            .Produces<UpgradeDocument>(StatusCodes.Status201Created)
            .ProducesProblems(400, 409, 413, 415, 422, 503, 507)
            .Needs(Role.Operate, TargetCheck.InHandler);
        group.MapGet("", ListAsync).WithName("listUpgrades")
            .Produces<UpgradeListDocument>()
            .ProducesProblems(400)
            .Needs(Role.Read, TargetCheck.InHandler);
        group.MapGet("/{id}", FindAsync).WithName("getUpgrade")
            .Produces<UpgradeDocument>()
            .ProducesProblems(400, 404)
            .Needs(Role.Read);
        group.MapPost("/{id}/phase", AdvanceAsync).WithName("advanceUpgrade")
            .Accepts<AdvanceRequest>("application/json")
            .Produces<UpgradeDocument>()
            .ProducesProblems(400, 404, 409, 413, 415, 422, 503, 507)
            .Needs(Role.Operate);
    }

    /// <summary>Opens an upgrade. With an Idempotency-Key header, the same request again gives the same upgrade.</summary>
    internal static async Task<IResult> BeginAsync(HttpContext context, UpgradeService upgrades, EngineOptions options, Documents documents)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        var (body, problem) = await RequestBody.ReadAsync(context, ApiJson.Default.BeginRequest);
        if (body is null) return problem!.Answer();
        var key = context.Request.Headers["Idempotency-Key"];
        if (BeginRules.Check(body) is { } invalid) return invalid.Answer();
        if (BeginRules.CheckKey(key) is { } badKey) return badKey.Answer();
        var visitor = Visitor.Of(context);
        if (visitor.RefuseTarget(body.Target) is { } other) return other.Answer();
        // Whoever is limited to a target that is none is not told which there are.
        if (visitor.Targets.Count > 0 && options.Find(body.Target) is null) return FieldRules.Invalid("target", $"target '{body.Target}' is not configured").Answer();

        var command = BeginRules.Command(body, key.Count == 0 ? null : key.ToString(), visitor.Name, Caller.NameOf(context));
        var result = await upgrades.BeginAsync(command, context.RequestAborted);
        return result.Upgrade is { } upgrade
            ? TypedResults.Created(Documents.PathOf(upgrade.Id), documents.Upgrade(upgrades.AsReadNow(upgrade), Warnings(result)))
            : Problems.Of(result.Refusal!).Answer();
    }

    /// <summary>Upgrades, newest first.</summary>
    internal static async Task<IResult> ListAsync(
        string? target, string? phase, string? limit, string? cursor, HttpContext context, UpgradeService upgrades, Documents documents)
    {
        if (Query.Check(context.Request, "target", "phase", "limit", "cursor") is { } unknown) return unknown.Answer();
        if (Query.Number("limit", limit, 1, MostOfPage, Page, out var most) is { } bad) return bad.Answer();
        Phase? inPhase = null;
        if (phase is not null)
        {
            if (!PhaseNames.TryParse(phase, out var parsed)) return NotAPhase(phase, StatusCodes.Status400BadRequest).Answer();
            inPhase = parsed;
        }

        if (cursor is not null && !IsId(cursor))
            return Query.Bad("cursor", $"cursor is '{Shown.Short(cursor)}'; it must be the nextCursor of an earlier answer").Answer();

        var visitor = Visitor.Of(context);
        if (target is not null && visitor.RefuseTarget(target) is { } other) return other.Answer();
        IReadOnlyList<string?> targets = target is null && visitor.Targets.Count > 0 ? [.. visitor.Targets] : [target];

        // One more than asked for tells whether there is a next page.
        var found = await ListOfAsync(targets, inPhase, most + 1, cursor, upgrades, context.RequestAborted);
        var items = found.Take(most).Select(u => documents.Upgrade(upgrades.AsReadNow(u))).ToList();
        return TypedResults.Ok(new UpgradeListDocument { Items = items, NextCursor = found.Count > most ? items[^1].Id : null });
    }

    private static async Task<IReadOnlyList<Upgrade>> ListOfAsync(
        IReadOnlyList<string?> targets, Phase? phase, int most, string? before, UpgradeService upgrades, CancellationToken cancellationToken)
    {
        var found = new List<Upgrade>();
        foreach (var target in targets) found.AddRange(await upgrades.ListAsync(target, phase, most, before, cancellationToken));
        return [.. found.OrderByDescending(upgrade => upgrade.Id, StringComparer.Ordinal).Take(most)];
    }

    /// <summary>One upgrade, whole, with its phase history and both windows as absolute times.</summary>
    internal static async Task<IResult> FindAsync(string id, HttpContext context, VerdictReader reader)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        return await reader.FindAsync(id, context.RequestAborted) is { } upgrade
            ? TypedResults.Ok(reader.Documents.Upgrade(upgrade))
            : Problems.NoUpgrade(id);
    }

    /// <summary>Moves an upgrade to another phase. The same move twice changes nothing.</summary>
    internal static async Task<IResult> AdvanceAsync(string id, HttpContext context, UpgradeService upgrades, Documents documents)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        var (body, problem) = await RequestBody.ReadAsync(context, ApiJson.Default.AdvanceRequest);
        if (body is null) return problem!.Answer();
        if (!PhaseNames.TryParse(body.Phase, out var phase)) return NotAPhase(body.Phase, StatusCodes.Status422UnprocessableEntity).Answer();
        if (FieldRules.Text("reason", body.Reason, FieldRules.Reason, isProse: true) is { } invalid) return invalid.Answer();
        if (body.Force == true && Visitor.Of(context).RefuseRole(Role.Admin, "force") is { } tooSmall) return tooSmall.Answer();

        var command = new AdvanceCommand { Phase = phase, At = body.At, Reason = body.Reason, Force = body.Force ?? false, By = Caller.NameOf(context) };
        var result = await upgrades.AdvanceAsync(id, command, context.RequestAborted);
        return result.Upgrade is { } upgrade
            ? TypedResults.Ok(documents.Upgrade(upgrades.AsReadNow(upgrade), Warnings(result)))
            : Problems.Of(result.Refusal!).Answer();
    }

    /// <summary>The refusal of a phase that does not exist.</summary>
    internal static Problem NotAPhase(string phase, int status) => Problems.Of(
        status, $"phase is '{Shown.Short(phase)}'; it must be one of {string.Join(", ", PhaseNames.All)}", "phase", PhaseNames.All);

    private static IReadOnlyList<string> Warnings(CommandResult result) => result.OpenItems.Count == 0
        ? []
        : [$"required checklist items are still open: {string.Join(", ", result.OpenItems)}"];

    private static bool IsId(string text) => text.Length == IdLength && text.All(char.IsAsciiLetterOrDigit);
}
