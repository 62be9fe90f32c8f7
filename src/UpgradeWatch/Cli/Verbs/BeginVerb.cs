using System.CommandLine;
using UpgradeWatch.Cli.Client;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch begin</c>: opens an upgrade.</summary>
internal static class BeginVerb
{
    public static Command Create(CliContext context, OutputFeature output)
    {
        var target = CliValues.Text("--target", "NAME", "Name of the target, as it is configured.");
        var to = CliValues.Text("--to", "VERSION", "The version after the upgrade.");
        target.Required = to.Required = true;
        var from = CliValues.Text("--from", "VERSION", "The version before the upgrade.");
        var phase = CliValues.Choice("--phase", "The phase it begins in. Default: pre-upgrade", ["pre-upgrade", "upgrading", "post-upgrade"]);
        var at = CliValues.Time("--at", "When that phase began, RFC 3339 or Unix seconds. Default: now");
        var owner = CliValues.Text("--owner", "WHO", "Who is responsible.");
        var window = CliValues.Duration("--observation-window", "How long it is watched after the upgrade, for instance 60m. Default: as configured");
        var revision = RevisionFeature.Option();
        var supersede = new Option<bool>("--supersede") { Description = "Close an upgrade of the target that is still open as superseded." };
        var verb = new VerbCommand(
            "begin",
            "Open an upgrade of a target. Writes the upgrade's id to standard output.",
            "upgradewatch begin --target checkout --from 1.4.2 --to 1.5.0",
            "upgradewatch begin --target checkout --to 1.5.0 --phase upgrading --observation-window 30m --supersede",
            "upgradewatch begin --target checkout --to 1.5.0 --revision \"$COMMIT\" --phase upgrading",
            "UPGRADE=$(upgradewatch begin --target checkout --to \"$TAG\") && upgradewatch wait --upgrade \"$UPGRADE\"")
        {
            target, to, from, phase, at, owner, window, revision, supersede,
        };
        var server = new ServerFeature(verb, context);
        verb.SetAction((parsed, token) => server.RunAsync(parsed, async client =>
        {
            var request = new BeginRequest
            {
                Target = parsed.GetRequiredValue(target)!,
                ToVersion = parsed.GetRequiredValue(to)!,
                FromVersion = parsed.GetValue(from),
                Phase = parsed.GetValue(phase),
                At = parsed.GetValue(at),
                Owner = parsed.GetValue(owner),
                ObservationWindowSeconds = parsed.GetValue(window),
                Supersede = parsed.GetValue(supersede) ? true : null,
            };
            var upgrade = parsed.GetValue(revision) is { } rolledOut
                ? await RevisionFeature.TellAsync(client, RevisionFeature.Request(request, rolledOut), token)
                : await client.SendAsync(HttpMethod.Post, ApiRoutes.Upgrades, request, ApiJson.Default.BeginRequest, ApiJson.Default.UpgradeDocument, token);
            foreach (var warning in upgrade.Warnings) context.Say(warning);
            context.Say(UpgradeText.Line(upgrade));
            output.Write(parsed, context.Out, upgrade, ApiJson.Default.UpgradeDocument, writer => writer.WriteLine(upgrade.Id));
            return ExitCodes.Done;
        }));
        return verb;
    }
}
