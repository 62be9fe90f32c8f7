using System.CommandLine;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch advance</c>: moves an upgrade to another phase.</summary>
internal static class AdvanceVerb
{
    public static Command Create(CliContext context, OutputFeature output)
    {
        var phase = CliValues.Choice("--phase", "The phase to move to.", PhaseNames.All);
        phase.Required = true;
        var at = CliValues.Time("--at", "When it began, RFC 3339 or Unix seconds. Default: now");
        var reason = Move.ReasonOption();
        var force = new Option<bool>("--force") { Description = "Move although required checklist items are open; needs --reason." };
        var revision = RevisionFeature.Option();
        var verb = new VerbCommand(
            "advance",
            "Move an upgrade to another phase. The same move twice changes nothing.",
            "upgradewatch advance --target checkout --phase upgrading",
            "upgradewatch advance --target checkout --phase post-upgrade --at 2026-05-04T13:37:00Z",
            "upgradewatch advance --target checkout --revision \"$COMMIT\" --phase post-upgrade",
            "upgradewatch advance --target checkout --phase upgrading --force --reason \"hotfix, change 4711\"");
        var upgrade = new UpgradeFeature(verb);
        verb.Add(phase);
        verb.Add(at);
        verb.Add(reason);
        verb.Add(force);
        verb.Add(revision);
        var server = new ServerFeature(verb, context);
        verb.Validators.Add(result =>
        {
            if (result.GetResult(force) is not null && result.GetResult(reason) is null) result.AddError("--force needs --reason TEXT, which is recorded");
            if (result.GetResult(revision) is not null && result.GetResult(force) is not null) result.AddError("--revision and --force are both given; a person who forces a move names the upgrade alone");
        });
        RevisionFeature.RequireTarget(verb, revision, upgrade);
        verb.SetAction((parsed, token) => server.RunAsync(parsed, client =>
        {
            var request = new AdvanceRequest
            {
                Phase = parsed.GetRequiredValue(phase)!,
                At = parsed.GetValue(at),
                Reason = parsed.GetValue(reason),
                Force = parsed.GetValue(force) ? true : null,
            };
            return parsed.GetValue(revision) is { } rolledOut
                ? RevisionFeature.MoveAsync(parsed, output, context, client, RevisionFeature.Request(upgrade.TargetIn(parsed)!, request, rolledOut), token)
                : Move.RunAsync(parsed, context, output, upgrade, client, request, token);
        }));
        return verb;
    }
}
