using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>The checklist of an upgrade.</summary>
internal static class ChecklistApi
{
    /// <summary>Maps the routes.</summary>
    public static void MapChecklists(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/upgrades/{id}/checklist").WithTags("Checklist");
        group.MapGet("", ReadAsync).WithName("getChecklist")
            .Produces<ChecklistDocument>()
            .ProducesProblems(400, 404)
            .Needs(Role.Read);
        group.MapPatch("/{item}", ChangeAsync).WithName("changeChecklistItem")
            .Accepts<ItemRequest>("application/json")
            .Produces<ItemDocument>()
            .ProducesProblems(400, 404, 409, 413, 415, 422, 503, 507)
            .Needs(Role.Operate);
    }

    /// <summary>The checklist.</summary>
    internal static async Task<IResult> ReadAsync(string id, HttpContext context, VerdictReader reader)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        return await reader.FindAsync(id, context.RequestAborted) is { } upgrade
            ? TypedResults.Ok(Documents.Checklist(upgrade))
            : Problems.NoUpgrade(id);
    }

    /// <summary>Changes an item; what is left out stays. Items that UpgradeWatch sets by itself need an override with a reason.</summary>
    internal static async Task<IResult> ChangeAsync(string id, string item, HttpContext context, UpgradeService upgrades)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        var (body, problem) = await RequestBody.ReadAsync(context, ApiJson.Default.ItemRequest);
        if (body is null) return problem!.Answer();
        if (Check(body) is { } invalid) return invalid.Answer();
        if (body.Override == true && Visitor.Of(context).RefuseRole(Role.Admin, "override") is { } tooSmall) return tooSmall.Answer();

        var result = await upgrades.ChangeItemAsync(id, item, Command(body, Caller.NameOf(context)), context.RequestAborted);
        return result.Upgrade is { } upgrade && upgrade.Checklist.FirstOrDefault(i => i.Id == item) is { } changed
            ? TypedResults.Ok(Documents.Item(upgrade, changed))
            : Problems.Of(result.Refusal!).Answer();
    }

    private static Problem? Check(ItemRequest body)
    {
        if (body is { Status: null, Note: null, Link: null, Owner: null })
            return Problems.Of(StatusCodes.Status400BadRequest, "nothing is to be changed; give at least one of status, note, link, owner");
        if (body.Status is not null && !ItemStatusNames.TryParse(body.Status, out _))
            return FieldRules.Invalid("status", $"status is '{Shown.Short(body.Status)}'; it must be one of {string.Join(", ", ItemStatusNames.All)}", ItemStatusNames.All);
        return FieldRules.Clearable("note", body.Note, FieldRules.Note, isProse: true)
            ?? FieldRules.WebLink("link", body.Link)
            ?? FieldRules.Clearable("owner", body.Owner, FieldRules.Owner)
            ?? FieldRules.Text("reason", body.Reason, FieldRules.Reason, isProse: true);
    }

    private static ChecklistCommand Command(ItemRequest body, string by) => new()
    {
        Status = ItemStatusNames.TryParse(body.Status, out var status) ? status : null,
        Note = body.Note,
        Link = body.Link,
        Owner = body.Owner,
        Override = body.Override ?? false,
        Reason = body.Reason,
        By = by,
    };
}
