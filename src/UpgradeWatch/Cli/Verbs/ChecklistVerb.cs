using System.CommandLine;
using UpgradeWatch.Cli.Client;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch checklist list|set</c>: reads and changes an upgrade's checklist.</summary>
internal static class ChecklistVerb
{
    public static Command Create(CliContext context, OutputFeature output) => new VerbCommand(
        "checklist",
        "Read or change the checklist of an upgrade.",
        "upgradewatch checklist list --target checkout",
        "upgradewatch checklist set rollback-plan done --target checkout --link https://wiki.example.com/rollback")
    {
        CreateList(context, output),
        CreateSet(context, output),
    };

    private static VerbCommand CreateList(CliContext context, OutputFeature output)
    {
        var verb = new VerbCommand("list", "Show the checklist of an upgrade.", "upgradewatch checklist list --target checkout");
        var upgrade = new UpgradeFeature(verb);
        var server = new ServerFeature(verb, context);
        verb.SetAction((parsed, token) => server.RunAsync(parsed, async client =>
        {
            var meant = await upgrade.FindAsync(parsed, client, token);
            var list = await client.GetAsync(ApiRoutes.Checklist(meant.Id), ApiJson.Default.ChecklistDocument, token);
            output.Write(parsed, context.Out, list, ApiJson.Default.ChecklistDocument, writer => UpgradeText.WriteItems(writer, list.Items));
            return ExitCodes.Done;
        }));
        return verb;
    }

    private static VerbCommand CreateSet(CliContext context, OutputFeature output)
    {
        var item = new Argument<string>("ITEM") { Description = "Id of the item, for instance rollback-plan." };
        var status = new Argument<string>("STATUS")
        {
            Description = $"Its new state: {string.Join(", ", ItemStatusNames.All)}.",
            CustomParser = result => ItemStatusNames.TryParse(result.Tokens[0].Value, out _)
                ? result.Tokens[0].Value
                : CliValues.RefuseWord<string>(result, "STATUS", result.Tokens[0].Value, ItemStatusNames.All),
        };
        var note = CliValues.Text("--note", "TEXT", "Note shown with the item.");
        var link = CliValues.Text("--link", "URL", "http or https link shown with the item.");
        var owner = CliValues.Text("--owner", "WHO", "Who does it.");
        var verb = new VerbCommand(
            "set",
            "Change an item of the checklist.",
            "upgradewatch checklist set rollback-plan done --target checkout --note \"helm rollback checkout\"",
            "upgradewatch checklist set dry-run skipped --target checkout --owner anna") { item, status };
        var upgrade = new UpgradeFeature(verb);
        verb.Add(note);
        verb.Add(link);
        verb.Add(owner);
        var server = new ServerFeature(verb, context);
        verb.SetAction((parsed, token) => server.RunAsync(parsed, async client =>
        {
            var request = new ItemRequest { Status = parsed.GetValue(status), Note = parsed.GetValue(note), Link = parsed.GetValue(link), Owner = parsed.GetValue(owner) };
            var meant = await upgrade.FindAsync(parsed, client, token);
            var route = ApiRoutes.Item(meant.Id, parsed.GetRequiredValue(item));
            var changed = await client.SendAsync(HttpMethod.Patch, route, request, ApiJson.Default.ItemRequest, ApiJson.Default.ItemDocument, token);
            output.Write(parsed, context.Out, changed, ApiJson.Default.ItemDocument, writer => UpgradeText.WriteItems(writer, [changed]));
            return ExitCodes.Done;
        }));
        return verb;
    }
}
