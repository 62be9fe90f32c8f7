using System.CommandLine;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch rollback</c>: moves an upgrade to <c>rolling-back</c>.</summary>
internal static class RollbackVerb
{
    public static Command Create(CliContext context, OutputFeature output)
    {
        var reason = Move.ReasonOption();
        var verb = new VerbCommand(
            "rollback",
            "Say that the old version is being put back. The verdict becomes final as it stands.",
            "upgradewatch rollback --target checkout --reason \"checkout fails for cards\"",
            "upgradewatch advance --target checkout --phase rolled-back    once the old version is back");
        var upgrade = new UpgradeFeature(verb);
        verb.Add(reason);
        var server = new ServerFeature(verb, context);
        verb.SetAction((parsed, token) => server.RunAsync(parsed, client =>
        {
            var request = new AdvanceRequest { Phase = Phase.RollingBack.ToText(), Reason = parsed.GetValue(reason) };
            return Move.RunAsync(parsed, context, output, upgrade, client, request, token);
        }));
        return verb;
    }
}
