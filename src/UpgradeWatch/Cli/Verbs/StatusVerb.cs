using System.CommandLine;
using UpgradeWatch.Cli.Client;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch status</c>: shows one upgrade, or the newest ones.</summary>
internal static class StatusVerb
{
    public static Command Create(CliContext context, OutputFeature output)
    {
        var verb = new VerbCommand(
            "status",
            "Show an upgrade with its verdict, findings and open checklist items; without --target and --upgrade the newest 50 upgrades.",
            "upgradewatch status",
            "upgradewatch status --target checkout",
            "upgradewatch status --target checkout --output json");
        var upgrade = new UpgradeFeature(verb, required: false);
        var server = new ServerFeature(verb, context);
        verb.SetAction((parsed, token) => server.RunAsync(parsed, async client =>
        {
            if (upgrade.IsGiven(parsed))
            {
                var one = await upgrade.FindAsync(parsed, client, token);
                output.Write(parsed, context.Out, one, ApiJson.Default.UpgradeDocument, writer => UpgradeText.WriteWhole(writer, one));
            }
            else
            {
                var list = await client.GetAsync(ApiRoutes.Upgrades, ApiJson.Default.UpgradeListDocument, token);
                output.Write(parsed, context.Out, list, ApiJson.Default.UpgradeListDocument, writer => UpgradeText.WriteList(writer, list.Items));
            }

            return ExitCodes.Done;
        }));
        return verb;
    }
}
